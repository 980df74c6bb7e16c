from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("digest", "0014_index_of_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="sendingstop",
            name="told_at",
            field=models.DateTimeField(blank=True, help_text="When staff were told by mail.", null=True),
        ),
    ]
