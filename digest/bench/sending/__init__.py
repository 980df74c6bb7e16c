"""How fast mails leave: ready digests in an empty database, real workers, an SMTP server on loopback, floors beside them.

fill | sweep, tasks, workers -> sink: mails a second and memory, beside Django's backend, post_office and bare smtplib
"""
