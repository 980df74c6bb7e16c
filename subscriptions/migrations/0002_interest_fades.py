from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="interestprofile",
            name="fades",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="A like loses half of its weight in 180 days.",
                verbose_name="older likes count less",
            ),
        ),
    ]
