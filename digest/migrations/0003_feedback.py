import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("digest", "0002_paper_vectors"), ("subscriptions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("more", "More like this"), ("less", "Less like this")],
                        max_length=8,
                    ),
                ),
                ("given_at", models.DateTimeField(help_text="When the reader said so last.")),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="digest.paper"
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="subscriptions.interestprofile",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "feedback",
                "constraints": [
                    models.UniqueConstraint(fields=("profile", "paper"), name="feedback_once_per_paper"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["more", "less"])), name="feedback_verdict_is_a_choice"
                    ),
                ],
            },
        ),
    ]
