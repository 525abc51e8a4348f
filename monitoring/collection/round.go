package collection

import (
	"slices"
	"strconv"

	"waymark/internal/fault"
)

// MostRoutes is how many routes a round may have.
const MostRoutes = 50

// Check says everything that is wrong with a round, by the fields "name",
// "instrument", "from", "to" and, with its row from 1, "route.code" and
// "route.name". instruments are the ids that there are; points are those of the
// round, whose routes must stay.
func (r *Round) Check(instruments []string, points []*Point) error {
	b := newBreaches()
	b.text(fault.Place{Field: "name"}, r.Name, true, MostName, false)
	if r.Instrument != "" && !slices.Contains(instruments, r.Instrument) {
		b.field("instrument", "instrument")
	}
	b.dates(fault.Place{}, "", r.From, r.To, false)
	if len(r.Routes) > MostRoutes {
		b.field("routes", "many", "most", strconv.Itoa(MostRoutes))
		return b.err()
	}
	codes := seen{}
	for i, route := range r.Routes {
		at := fault.Place{Row: i + 1, Field: "route.code"}
		b.code(at, route.Code)
		b.twice(codes, at, route.Code, i+1)
		at.Field = "route.name"
		b.text(at, route.Name, true, MostName, false)
	}
	lost := map[string]bool{}
	for _, p := range points {
		if p.Route != "" && !lost[p.Route] && !r.HasRoute(p.Route) {
			lost[p.Route] = true
			b.field("routes", "route.used", "route", p.Route)
		}
	}
	return b.err()
}

// HasRoute tells whether a route's code is one of the round.
func (r *Round) HasRoute(code string) bool {
	return slices.ContainsFunc(r.Routes, func(x Route) bool { return x.Code == code })
}

// RouteName returns the name of a route, or its code if the round does not know it.
func (r *Round) RouteName(code string) string {
	for _, x := range r.Routes {
		if x.Code == code {
			return x.Name
		}
	}
	return code
}

// roundMoves are the states that a person may put a round into. Deleted is
// reached through a Deletion alone.
var roundMoves = map[RoundState][]RoundState{
	Preparing: {Open},
	Open:      {Closed},
	Closed:    {Open},
}

// Moves lists the states that a person may put the round into.
func (r *Round) Moves() []RoundState { return roundMoves[r.State] }

// Move sets the state, or says that it cannot be reached from the present one.
func (r *Round) Move(to RoundState) error {
	if !slices.Contains(r.Moves(), to) {
		return breach(fault.Conflict, fault.Place{Field: "state"}, "state")
	}
	r.State = to
	return nil
}

// Live tells whether the round is still there to be set up and looked at.
func (r *Round) Live() bool { return r.State != Deleted }
