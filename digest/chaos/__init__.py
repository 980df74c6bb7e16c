"""The proof of the ledger: a house of readers, whose servers and workers are struck while it mails two days' digests.

Real PostgreSQL, Redis, Celery workers and beat, all private; a mail server on loopback that refuses, hangs up and
dawdles by the seed. Nothing of ours is replaced; only beat's intervals are shorter, and the clock that workers and
beat see is moved on over a change to or from summer time while nobody works.

A mail is a reader and a local day. It is
- *twice* when the server has read it whole more than once, whatever it answered: the reader would have had two;
- *lost* when it was due and its delivery ended neither SENT (and the server had it), nor FAILED or SUPPRESSED by a
  refusal for good that the server really gave, nor EXPIRED after refusals all day long, nor UNKNOWN by a hand-over
  that was really cut: by the server, in the mail or after its final dot, or because a worker or PostgreSQL was killed
  while it was SENDING;
- *unasked* when the server has read it although the reader was not due that day, or has left or paused.

calendar, world: who is due when | acts, fates: what is done | house, sink, clock: to whom | conductor -> verdict
"""
