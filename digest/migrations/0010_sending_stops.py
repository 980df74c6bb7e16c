from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("digest", "0009_terms_of_liked_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="SendingStop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("total", "More mails in a day than there should be"),
                            ("bounces", "Too many mails came back"),
                            ("complaints", "Too many readers complained"),
                            ("by_hand", "Pulled by staff"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("pulled_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_by", models.CharField(blank=True, help_text="Who answers for it.", max_length=150)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)), fields=("kind",), name="sending_stop_stands_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["total", "bounces", "complaints", "by_hand"])),
                        name="sending_stop_kind_is_a_choice",
                    ),
                ],
            },
        ),
    ]
