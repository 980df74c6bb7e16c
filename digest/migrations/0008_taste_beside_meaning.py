from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("digest", "0007_forget_taste_of_words_alone")]

    operations = [
        migrations.AlterField(
            model_name="fittedtaste",
            name="encoder",
            field=models.CharField(help_text="name@version of the meaning it was fitted on.", max_length=120),
        ),
        migrations.AlterField(
            model_name="fittedtaste",
            name="fitted_at",
            field=models.DateTimeField(help_text="When last a fit came to this map."),
        ),
    ]
