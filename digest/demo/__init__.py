"""A day to look at: invented papers and readers, fed through the same pipeline as real ones.

    papers (what they say) | edition (when) | feeds (in the sources' own bytes) -> ingest
    readers (who they are) -> sign up, confirm                                  -> run the day -> report

`serving` and `ticker` then keep the site open and do the worker's and beat's work in the same process.
"""
