package access

import (
	"github.com/cedar-policy/cedar-go"

	"waymark/internal/ids"
)

// question is everything that a decision depends on, in bits: the action, the
// roles that count, and what is in the constants below.
type question uint64

const (
	roleBit  = 8  // below it the number of the action
	kindBit  = 32 // two bits: visitor 0, account 1, phone 2
	proposer = 34 // two bits: not known 0, self 1, other 2

	system     = question(1) << 36
	demo       = question(1) << 37
	strong     = question(1) << 38
	fresh      = question(1) << 39
	own        = question(1) << 40
	assigned   = question(1) << 41
	agency     = question(1) << 42
	shared     = question(1) << 43
	glass      = question(1) << 44
	restricted = question(1) << 45
	link       = question(1) << 46
)

// Allow says whether a principal may do an action on a resource. It is true only
// if a policy permits it and none forbids it.
func (p *Policies) Allow(who Principal, a Action, r Resource) bool {
	number, known := p.number[a]
	if !known {
		return false
	}
	q := number | facts(who, r)
	if allowed, ok := p.decided.Load(q); ok {
		return allowed.(bool)
	}
	allowed := p.ask(q, a)
	p.decided.Store(q, allowed)
	return allowed
}

// facts turns who asks for what into the part of the question that is not the action.
func facts(who Principal, r Resource) question {
	var q question
	switch {
	case who.Account != 0:
		q |= 1 << kindBit
		for _, m := range who.Members {
			if counts(m, r.Programme) {
				q |= roleMask(m.Role)
			}
		}
		if who.Strong {
			q |= strong
		}
		if who.Fresh {
			q |= fresh
		}
		switch r.Proposer {
		case 0:
		case who.Account:
			q |= 1 << proposer
		default:
			q |= 2 << proposer
		}
	case who.Enumerator != 0:
		q |= 2 << kindBit
		if r.Enumerator == who.Enumerator {
			q |= own
		}
	}
	if r.Programme == 0 {
		q |= system
	} else if r.Demo {
		q |= demo
	}
	for _, f := range [...]struct {
		holds bool
		bit   question
	}{{r.Assigned, assigned}, {r.Agency, agency}, {r.Shared, shared}, {r.Glass, glass}, {r.Restricted, restricted}, {r.Link, link}} {
		if f.holds {
			q |= f.bit
		}
	}
	return q
}

// counts says whether a membership has a say in a programme: it is of that
// programme, or of the whole system where there is such a role. The tour's counts
// everywhere, since most of its policy is what it must never do.
func counts(m Membership, programme ids.ID) bool {
	switch {
	case m.Role == Tour:
		return true
	case m.Programme == 0:
		return m.Role == Administrator || m.Role == Auditor
	default:
		return m.Programme == programme
	}
}

// every is Roles and Tour, in the order of their bits.
var every = append(append([]Role(nil), Roles...), Tour)

func roleMask(r Role) question {
	for i, x := range every {
		if x == r {
			return 1 << (roleBit + i)
		}
	}
	return 0
}

// ask puts a question to Cedar.
func (p *Policies) ask(q question, a Action) bool {
	who := cedar.NewEntityUID([]cedar.EntityType{"Visitor", "Account", "Phone"}[q>>kindBit&3], "asking")
	var roles []cedar.EntityUID
	entities := cedar.EntityMap{}
	for _, r := range every {
		if q&roleMask(r) != 0 {
			uid := cedar.NewEntityUID("Role", cedar.String(r))
			entities[uid] = cedar.Entity{UID: uid}
			roles = append(roles, uid)
		}
	}
	entities[who] = cedar.Entity{UID: who, Parents: cedar.NewEntityUIDSet(roles...)}
	thing := cedar.NewEntityUID("Programme", "asked for")
	attributes := cedar.RecordMap{"demo": cedar.Boolean(q&demo != 0)}
	if q&system != 0 {
		thing, attributes = cedar.NewEntityUID("System", "asked for"), nil
	}
	entities[thing] = cedar.Entity{UID: thing, Attributes: cedar.NewRecord(attributes)}
	decision, diagnostic := cedar.Authorize(p.set, entities, cedar.Request{
		Principal: who, Action: cedar.NewEntityUID("Action", cedar.String(a)), Resource: thing,
		Context: cedar.NewRecord(cedar.RecordMap{
			"strong":     cedar.Boolean(q&strong != 0),
			"fresh":      cedar.Boolean(q&fresh != 0),
			"own":        cedar.Boolean(q&own != 0),
			"assigned":   cedar.Boolean(q&assigned != 0),
			"agency":     cedar.Boolean(q&agency != 0),
			"shared":     cedar.Boolean(q&shared != 0),
			"glass":      cedar.Boolean(q&glass != 0),
			"restricted": cedar.Boolean(q&restricted != 0),
			"link":       cedar.Boolean(q&link != 0),
			"proposer":   []cedar.String{"none", "self", "other"}[q>>proposer&3],
		}),
	})
	// Cedar leaves out a policy that fails to evaluate, and a forbidding one must
	// not be left out.
	return decision == cedar.Allow && len(diagnostic.Errors) == 0
}
