from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0002_interest_fades")]

    operations = [
        migrations.AddField(
            model_name="subscriber",
            name="shares_taste",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The reader agreed that their likes may help to rank papers for others; the consent says when.",
                verbose_name="likes help everybody",
            ),
        ),
    ]
