package signin

import (
	"encoding/json"
	"errors"
	"net/http"

	"waymark/trust/account"
	"waymark/web/page"
)

// question answers a script that asks what to ask a passkey, and keeps the question
// in the session.
func (s *SignIn) question(r *page.Request, question []byte, c *account.Ceremony) error {
	t := s.ticket(r.Context())
	t.Ceremony = c
	s.keep(r, t)
	r.W.Header().Set("Content-Type", "application/json")
	_, _ = r.W.Write(question) // the browser may have gone
	return nil
}

// noQuestion answers such a script that there is none. What it shows is its page's.
func noQuestion(r *page.Request) error {
	r.W.Header().Set("Content-Type", "application/json")
	r.W.WriteHeader(http.StatusConflict)
	_ = json.NewEncoder(r.W).Encode(map[string]string{"error": "no question"}) // the browser may have gone
	return nil
}

// askPasskey is the question for a passkey that is there.
func (s *SignIn) askPasskey(r *page.Request) error {
	q, c, err := s.accounts.AskPasskey()
	if err != nil {
		return noQuestion(r)
	}
	return s.question(r, q, c)
}

// used takes the question out of the session: an answer is looked at once.
func (s *SignIn) used(r *page.Request) *account.Ticket {
	t := s.ticket(r.Context())
	rest := *t
	rest.Ceremony = nil
	s.keep(r, &rest)
	return t
}

// passkeyPost signs in with the answer of a passkey.
func (s *SignIn) passkeyPost(r *page.Request) error {
	f, err := r.ReadForm("signin.enter")
	if err != nil {
		return err
	}
	t, err := s.accounts.SignInPasskey(r.Context(), visit(r), s.used(r), []byte(f.Raw("answer")))
	if errors.Is(err, account.ErrOver) {
		return s.over(r, to(r, f))
	}
	if err != nil {
		if err := mark(r, f, err); err != nil {
			return err
		}
		return s.showEntrance(r, statusOf(err), f, to(r, f))
	}
	return s.admit(r, t, to(r, f))
}
