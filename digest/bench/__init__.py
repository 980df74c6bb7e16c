"""How fast a morning is: invented papers and readers in an empty database, workers, and the floors beside them.

invent | fill | plan, build by workers -> seconds and memory, beside the bare product, the bare rows, a fit a reader
"""
