"""How fast mails leave: ready digests, real workers, an SMTP server on loopback, and the floors beside them.

fill | sweep, tasks, workers -> sink: mails a second and memory, beside Django's backend, post_office and bare smtplib
"""
