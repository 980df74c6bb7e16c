from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("digest", "0004_fitted_taste")]

    operations = [
        migrations.AlterField(
            model_name="papervector",
            name="encoder",
            field=models.CharField(
                help_text="name@version: other bytes of a model are another encoder; or a taste map's space.",
                max_length=160,
            ),
        ),
    ]
