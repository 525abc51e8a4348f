package referral

import (
	"strings"
	"time"

	"waymark/internal/ids"
)

// Matter is what stands in clear about a concern or a case: codes, times and
// identifiers, nothing that was said about anyone.
type Matter struct {
	ID      ids.ID
	Network ids.ID
	Kind    Kind
	State   State
	Result  Result // of a decided concern or a closed case; else ""
	// Outcome is what the rules make of a referral: "nrm", "nrm-child", "notify"; ""
	// until it is known.
	Outcome string
	// Agency holds it: the desk of a concern, the caseworker's of a case.
	Agency ids.ID
	// Owner is the account that answers for it; zero while nobody has taken it on.
	Owner ids.ID
	// Origin is the concern that a case came from; zero if none.
	Origin ids.ID
	// Link is where a concern came in; zero for one that an account began.
	Link ids.ID
	// Urgent says that somebody may be in danger now. Child says that a child, or a
	// person whose age is not sure, may be concerned.
	Urgent, Child bool
	Opened        time.Time // begun; for a concern, handed over
	Changed       time.Time
	// Due is the next date that binds, and DueRule the clock that says so; zero and
	// "" if there is none.
	Due     time.Time
	DueRule string
	// Rules is the version of the pathway that applies: "2026.1+0123456789ab".
	Rules string
	// Restricted says that the person asked that nothing more be done with what is
	// held (restriction of processing).
	Restricted bool
	// KeepUntil is when it is to be erased; zero while it is open.
	KeepUntil time.Time
	// EraseAsked is who proposed to erase it; zero if nobody did.
	EraseAsked ids.ID
	ErasedAt   time.Time
	// Print is the fingerprint of its key, kept as proof after erasure.
	Print string
	Etag  int64
}

// Reference is what people call a matter: its identifier in groups, which tells
// nothing and can be read out. ParseReference reads it back.
func (m *Matter) Reference() string {
	s := m.ID.String()
	prefix := "C-"
	if m.Kind == Concern {
		prefix = "S-"
	}
	if len(s) != 13 {
		return prefix + s
	}
	return prefix + strings.ToUpper(s[:4]+"-"+s[4:8]+"-"+s[8:])
}

// ParseReference reads a reference as people type it, or fails with
// ids.ErrMalformed.
func ParseReference(text string) (ids.ID, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if rest, ok := strings.CutPrefix(text, "c-"); ok {
		text = rest
	} else if rest, ok := strings.CutPrefix(text, "s-"); ok {
		text = rest
	}
	text = strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1").Replace(text)
	return ids.Parse(text)
}

// Open says whether something is still to be done.
func (m *Matter) Open() bool {
	return m.State != Decided && m.State != Closed && m.State != Erased
}

// Grant lets somebody see parts of a file for a time.
type Grant struct {
	ID     ids.ID
	Matter ids.ID
	Kind   GrantKind
	// Account or Agency gets it; the other is zero.
	Account, Agency ids.ID
	// Purposes that a share covers. A team grant and a broken glass cover all.
	Purposes []Purpose
	By       ids.ID // account that gave it
	From     time.Time
	Until    time.Time // exclusive; zero for as long as the matter is open, not for glass
	Ended    time.Time // taken back; zero while in force
	// Reviewed and Reviewer are of a broken glass: somebody else has looked at why.
	Reviewed time.Time
	Reviewer ids.ID
}

// GrantKind is why somebody sees a file.
type GrantKind string

// The kinds of grant.
const (
	Team  GrantKind = "team"  // works on it, in the agency that holds it
	Share GrantKind = "share" // another agency, for purposes
	Glass GrantKind = "glass" // broken glass: an emergency, with a reason, for two hours
)

// GlassFor is how long a broken glass lasts.
const GlassFor = 2 * time.Hour

// InForce says whether a grant opens anything at a time.
func (g *Grant) InForce(at time.Time) bool {
	if !g.Ended.IsZero() && !at.Before(g.Ended) || at.Before(g.From) {
		return false
	}
	return g.Until.IsZero() && g.Kind != Glass || at.Before(g.Until)
}

// Standing is how an account stands to a matter now.
type Standing struct {
	Assigned bool // owner, or a team grant, as long as one belongs to the agency that holds it
	Agency   bool // belongs to the agency that holds it
	// Shared are the purposes for which its agency or itself was given a share.
	Shared []Purpose
	Glass  bool
	// Of is the account's agency in the network; zero if none.
	Of ids.ID
}

// Stand finds how an account of an agency stands to a matter.
func Stand(m *Matter, grants []*Grant, account, agency ids.ID, at time.Time) Standing {
	s := Standing{Of: agency}
	if account == 0 {
		return s
	}
	s.Agency = agency != 0 && agency == m.Agency
	s.Assigned = s.Agency && m.Owner == account
	for _, g := range grants {
		if !g.InForce(at) || g.Account != account && (agency == 0 || g.Agency != agency) {
			continue
		}
		switch g.Kind {
		case Team:
			s.Assigned = s.Assigned || s.Agency && g.Account == account
		case Share:
			s.Shared = append(s.Shared, g.Purposes...)
		case Glass:
			s.Glass = s.Glass || g.Account == account
		}
	}
	return s
}
