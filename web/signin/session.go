package signin

import (
	"context"
	"net"
	"net/http"
	"strings"

	"waymark/trust/account"
	"waymark/web/page"
)

// Wrap implements page.Sessions.
func (s *SignIn) Wrap(next http.Handler) http.Handler { return s.sessions.LoadAndSave(next) }

// Identify implements page.Sessions.
func (s *SignIn) Identify(r *http.Request) (*account.Account, page.Session, error) {
	t := s.ticket(r.Context())
	a, err := s.accounts.Holder(r.Context(), t)
	if a == nil || err != nil {
		return nil, page.Session{}, err
	}
	return a, page.Session{Strong: t.Strong, Fresh: t.Fresh(s.house.Now())}, nil
}

// ticket is a copy of what the session knows; empty for a visitor.
func (s *SignIn) ticket(ctx context.Context) *account.Ticket {
	if t, ok := s.sessions.Get(ctx, account.TicketKey).(*account.Ticket); ok {
		n := *t
		return &n
	}
	return &account.Ticket{}
}

// keep changes what the session knows.
func (s *SignIn) keep(r *page.Request, t *account.Ticket) {
	s.sessions.Put(r.Context(), account.TicketKey, t)
}

// rotate changes what the session knows and gives it a new token, so that whoever
// knew the old one has nothing: at every sign-in and every proof.
func (s *SignIn) rotate(r *page.Request, t *account.Ticket) error {
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.keep(r, t)
	return nil
}

// here is the hash of the session that asks.
func (s *SignIn) here(r *page.Request) []byte {
	return account.TokenHash(s.sessions.Token(r.Context()))
}

// knownCookie marks browsers that someone signed in with, for the limits on
// guessing. It says nothing and opens nothing.
const knownCookie = "browser"

// visit is what is known of the browser.
func visit(r *page.Request) account.Visit {
	v := account.Visit{Address: r.RemoteAddr, Agent: agent(r.UserAgent())}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		v.Address = host
	}
	if c, err := r.Cookie(knownCookie); err == nil {
		v.Known = c.Value
	}
	return v
}

// admit makes the session that of the person of a ticket and goes on to a page.
func (s *SignIn) admit(r *page.Request, t *account.Ticket, to string) error {
	a, err := s.accounts.Holder(r.Context(), t)
	if err != nil {
		return err
	}
	if a == nil {
		return account.ErrOver
	}
	if err := s.rotate(r, t); err != nil {
		return err
	}
	if a.ID != s.tour {
		http.SetCookie(r.W, &http.Cookie{Name: knownCookie, Value: s.accounts.Remember(visit(r).Known, a), Path: "/sign-in",
			MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: s.house.Secure(), SameSite: http.SameSiteLaxMode})
	}
	return r.Redirect(local(to))
}

// local is where to go on to: a path of this site that is not a step of signing in.
func local(to string) string {
	if !page.LocalPath(to) || strings.HasPrefix(to, "/sign-") || strings.HasPrefix(to, "/join") || strings.HasPrefix(to, "/link") {
		return "/"
	}
	return to
}

// to reads where to go on to, from the address or the form.
func to(r *page.Request, f *page.Form) string {
	if f != nil {
		return local(f.Raw("to"))
	}
	return local(r.URL.Query().Get("to"))
}

// agent is a short name of browser and system, coarse enough to say little.
func agent(ua string) string {
	first := func(pairs ...string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if strings.Contains(ua, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	browser := first("Edg/", "Edge", "OPR/", "Opera", "SamsungBrowser", "Samsung Internet", "Firefox/", "Firefox", "FxiOS", "Firefox", "Chrome/", "Chrome", "CriOS", "Chrome", "Safari/", "Safari")
	system := first("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS X", "macOS", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case browser == "":
		return system
	case system == "":
		return browser
	default:
		return browser + ", " + system
	}
}
