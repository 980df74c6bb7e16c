from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0008_libraries")]

    operations = [
        migrations.RemoveConstraint(model_name="consentevent", name="consent_kind_is_a_choice"),
        migrations.AlterField(
            model_name="consentevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("requested", "Asked to subscribe"),
                    ("confirmed", "Confirmed the address"),
                    ("imported", "Imported by staff as confirmed"),
                    ("address_changed", "Changed the address"),
                    ("unsubscribed", "Unsubscribed"),
                    ("returned", "Came back from the good-bye page"),
                    ("exported", "Downloaded their data"),
                    ("erased", "Deleted their data"),
                    ("suppressed", "Address suppressed"),
                    ("unsuppressed", "Suppression lifted"),
                    ("taste_shared", "Let their likes help everybody"),
                    ("taste_withdrawn", "No longer let their likes help"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "requested",
                            "confirmed",
                            "imported",
                            "address_changed",
                            "unsubscribed",
                            "returned",
                            "exported",
                            "erased",
                            "suppressed",
                            "unsuppressed",
                            "taste_shared",
                            "taste_withdrawn",
                        ],
                    )
                ),
                name="consent_kind_is_a_choice",
            ),
        ),
    ]
