from django.db import migrations


def forget(apps, schema_editor):
    """Maps that were fitted on words alone were never read: they go with their vectors."""
    apps.get_model("digest", "PaperVector").objects.filter(encoder__startswith="words+taste").delete()
    apps.get_model("digest", "FittedTaste").objects.filter(encoder="").delete()


class Migration(migrations.Migration):
    dependencies = [("digest", "0006_profile_vectors")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
