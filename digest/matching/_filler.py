"""Words that say nothing of a reader's interest: grammar, and what every abstract and every wish is wrapped in."""

_STOP = """
a about above after again against all also although am an and any are as at be because been before being below between
both but by can cannot could did do does doing down during each either et etc few for from further had has have having
he her here hers him his how however i if in into is it its itself just may me might more most much must my neither no
nor not now of off on once one only or other our ours out over own per rather same she should since so some such than
that the their theirs them then there therefore these they this those through thus to too toward towards under until up
upon us use used uses using very via was we well were what when where whether which while who whom whose why will with
within without would yet you your
"""
STOP_WORDS = frozenset(_STOP.split())
# What every abstract says: it makes no text more like another.
_ROUTINE = """
al anything approach approaches area based especially general interest interested interests like look looking method
methods new novel paper papers particularly present presented problem problems propose proposed related research result
results show shown shows something study studies topic topics various want work working works
"""
ROUTINE_WORDS = frozenset(_ROUTINE.split())
# In the few words of a wish, these say nothing either; as a keyword, each may be just what somebody wants.
_FILLER = """
able achieve achieved achieves aim aims al allow allows among analyse analyses analysis analyze anything apply approach
area article aspect available based behaviour best better case cases certain characterise common compare comparison
concerning consider considered context contribute current demonstrate describe detail develop developed development
different difficult discuss discover due effect effects efficient enable especially establish etc evaluate example
examples existing explain explore extend field find finding findings focus follow form framework general get give given
good help high highly idea identify important improve improved improvement include including increase indicate insight
interest interested interests introduce investigate involve involving issue issues kind kinds know known large latest
lead learn like long longer look looking love low main mainly make many means method methodology mostly motivate need
new non novel number obtain obtained often order paper papers part particular particularly perform performance
perspective play possible potential present presented previous primarily problem problems prof professor progress
propose proposed provide provided question questions range read reading realistic recent recently regard relate related
relevant report reported require requirement research researcher respect result results reveal review role science
scientific scientist see several short show shown shows significant significantly similar simple small solve solution
something specific specifically state strong studies study studying subject suggest support system systems task
technique techniques term terms thing things time times today together topic topics towards try type types understand
understanding useful variety various want way ways whose wide work working works year years
"""
FILLER_WORDS = ROUTINE_WORDS | frozenset(_FILLER.split())
