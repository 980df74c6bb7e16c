from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("digest", "0011_rehearsed_deliveries"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="delivery", name="delivery_status_is_a_choice"),
        migrations.AlterField(
            model_name="delivery",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("unknown", "Unknown: a worker died while sending"),
                    ("suppressed", "Suppressed"),
                    ("rehearsed", "Rehearsed: written, and handed to nobody"),
                    ("expired", "Expired: too late to be sent"),
                ],
                default="queued",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["queued", "sending", "sent", "failed", "unknown", "suppressed", "rehearsed", "expired"],
                    )
                ),
                name="delivery_status_is_a_choice",
            ),
        ),
    ]
