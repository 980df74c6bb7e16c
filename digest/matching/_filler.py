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
able academic achieve achieved achieves advance advanced aid aim aims al allow allows among analyse analyses analysis
analyze anything apply approach approximately area article aspect available aware based basically best better bring
broad career case cases certain challenge challenges characterise closely colleague combine common compare comparison
concern concerning consider considered context contribute current currently daily deal demonstrate describe detail
develop developed development different difficult discover discuss due early easy effect effects efficient effort
emphasis enable engineer ensure especially establish etc evaluate example examples existing explain explore extensive
fact faster find finding findings first follow future general get give given good guarantee guarantees happy help
highly hope idea identify important improve improved improvement include including increase insight instead interest
interested interests introduce investigate involve involving issue issues job journal keep key kind kindly kinds know
known last latest lead learnt least let like little longer look looking lot love main mainly maintain make many master
means method methodology modern mostly motivate move name need needs new next non novel obtain obtained often original
otherwise overall paper papers particular particularly perform perspective phd play please possible postdoc practical
practice prefer present presented previous primarily problem problems prof professor progress project promising propose
proposed provide provided publication publications purpose put question questions quite rather read reading realistic
really reason recent recently regard relate related relevant remain report reported require requirement research
researcher respect result results reveal review science scientific scientist see seek seem several short show shown
shows side significant significantly similar since solution solve something sort specialise specific specifically start
still student studies study studying subject success suggest suitable support take task technique techniques tell term
terms theoretical thesis thing things third three time times today together topic topics towards true try two type
types understand understanding unique upcoming update updates useful usual usually variety various view want way ways
week whole whose wide willing wish wonder work working works write year years
"""
FILLER_WORDS = ROUTINE_WORDS | frozenset(_FILLER.split())
