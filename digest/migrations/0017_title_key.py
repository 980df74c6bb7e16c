from django.db import migrations, models

import digest.models.papers


class Migration(migrations.Migration):
    dependencies = [("digest", "0018_saved_papers")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="title_key",
            field=digest.models.papers.TitleKeyField(
                db_default="",
                default="",
                editable=False,
                help_text="The same for every way to write the title; empty until it is made.",
                max_length=32,
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(fields=["title_key"], name="paper_title_key"),
        ),
    ]
