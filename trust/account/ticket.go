package account

import (
	"time"

	"waymark/internal/ids"
)

// The limits of a session.
const (
	// Idle ends a session that nobody used for so long.
	Idle = 30 * time.Minute
	// Absolute ends every session, used or not.
	Absolute = 12 * time.Hour
	// FreshFor is how long after proving who they are a person may do what needs
	// a fresh proof.
	FreshFor = 10 * time.Minute
	// waiting is how long a step of signing in may take, and a visitor's session.
	waiting = 15 * time.Minute
	// seenEvery is how exactly the time of the last use is kept: a write a minute,
	// not one a page.
	seenEvery = time.Minute
)

// Ticket is what a session knows. The store keeps it sealed.
type Ticket struct {
	// Account is zero until the person is signed in.
	Account ids.ID `json:"account,omitzero"`
	// Epoch of the account at sign-in. A later one ends the session.
	Epoch int64 `json:"epoch,omitempty"`
	// Strong says that a passkey or a second factor was used, or the provider says so.
	Strong bool `json:"strong,omitempty"`
	// Since is when the person signed in, ProvedAt when they last proved who they are.
	Since    time.Time `json:"since,omitzero"`
	ProvedAt time.Time `json:"proved,omitzero"`
	// Agent is a short name of the browser.
	Agent string `json:"agent,omitempty"`

	// Half is a sign-in whose password was right and whose code is due.
	Half *Half `json:"half,omitempty"`
	// Ceremony is a question to a passkey that waits for its answer.
	Ceremony *Ceremony `json:"ceremony,omitempty"`
	// Joining is a person on the way in by a one-time link.
	Joining *Joining `json:"joining,omitempty"`
	// Secret of one-time codes that is being set up.
	Secret []byte `json:"secret,omitempty"`
	// Away is a sign-in that went to the provider.
	Away *Away `json:"away,omitempty"`
	// Codes are new recovery codes until they are shown, once.
	Codes []string `json:"codes,omitempty"`
}

// Half is a sign-in that waits for its second factor.
type Half struct {
	Account ids.ID    `json:"account"`
	Epoch   int64     `json:"epoch"`
	At      time.Time `json:"at"`
}

// Away is a sign-in at the provider of single sign-on.
type Away struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	Return   string    `json:"return,omitempty"`
	Purpose  string    `json:"purpose"`
	At       time.Time `json:"at"`
}

// Fresh says whether the person proved who they are a short time ago.
func (t *Ticket) Fresh(now time.Time) bool {
	age := now.Sub(t.ProvedAt)
	// A clock that was set back does not make an old proof young.
	return t.Account != 0 && age >= 0 && age < FreshFor
}

// signed is the ticket of someone who has just signed in. Nothing of what the
// browser had before is kept.
func (s *Service) signed(a *Account, v Visit, strong bool) *Ticket {
	now := s.now()
	return &Ticket{Account: a.ID, Epoch: a.Epoch, Strong: strong, Since: now, ProvedAt: now, Agent: v.Agent}
}

// proved is the ticket after another proof.
func (s *Service) proved(t *Ticket, strong bool) *Ticket {
	n := *t
	n.ProvedAt = s.now()
	n.Strong = n.Strong || strong
	n.Ceremony, n.Away = nil, nil
	return &n
}

// late says whether a step that began at a time took too long.
func (s *Service) late(at time.Time) bool {
	age := s.now().Sub(at)
	return age < 0 || age > waiting
}
