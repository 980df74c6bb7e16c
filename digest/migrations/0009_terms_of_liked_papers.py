from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("digest", "0008_taste_beside_meaning"),
    ]

    operations = [
        migrations.AddField(
            model_name="profilevector",
            name="terms",
            field=models.BinaryField(
                help_text="Which words stand in them: see digest/matching/_terms.py. Null in rows made without.",
                null=True,
            ),
        ),
    ]
