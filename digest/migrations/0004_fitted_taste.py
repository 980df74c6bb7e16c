from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("digest", "0003_feedback")]

    operations = [
        migrations.CreateModel(
            name="FittedTaste",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "encoder",
                    models.CharField(
                        blank=True,
                        help_text="name@version of the meaning it was fitted on; empty for words alone.",
                        max_length=120,
                    ),
                ),
                ("payload", models.BinaryField(help_text="See digest.matching; empty for a map that was refused.")),
                ("checksum", models.CharField(blank=True, help_text="Of the payload as it was fitted.", max_length=32)),
                (
                    "dimensions",
                    models.PositiveSmallIntegerField(help_text="How many numbers a vector of its space holds."),
                ),
                (
                    "n_readers",
                    models.PositiveIntegerField(
                        help_text="Readers whose likes it was fitted from.", verbose_name="readers"
                    ),
                ),
                ("n_likes", models.PositiveIntegerField(help_text="Their likes.", verbose_name="likes")),
                (
                    "n_judged",
                    models.PositiveIntegerField(
                        help_text="Readers for whom held-back papers were ranked.", verbose_name="judged"
                    ),
                ),
                (
                    "score_before",
                    models.FloatField(help_text="nDCG@10 over held-back papers.", verbose_name="without it"),
                ),
                ("score_after", models.FloatField(help_text="nDCG@10 over held-back papers.", verbose_name="with it")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("fitted", "Fitted"),
                            ("filling", "Being filled"),
                            ("serving", "Serving"),
                            ("retired", "Retired"),
                            ("refused", "Refused"),
                        ],
                        default="fitted",
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, help_text="Why it does not serve.", max_length=500)),
                ("fitted_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(help_text="Since when it has this status.")),
            ],
            options={
                "verbose_name": "taste map",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["fitted", "filling", "serving", "retired", "refused"])),
                        name="taste_status_is_a_choice",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "serving")), fields=("status",), name="one_taste_serves"
                    ),
                ],
            },
        ),
    ]
