package signin

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"waymark/internal/fault"
	"waymark/trust/account"
	"waymark/web/page"
)

// entrance is what the sign-in page shows.
type entrance struct {
	Form     *page.Form
	To       string
	Passkeys bool
	Provider string // its name, or ""
	Tour     bool
}

func (s *SignIn) showEntrance(r *page.Request, status int, f *page.Form, to string) error {
	v := entrance{Form: f, To: to, Passkeys: s.accounts.HasPasskeys(), Tour: s.tour != 0}
	if s.provider != nil {
		v.Provider = s.provider.Name
	}
	return r.Render(status, "signin/enter", v)
}

// enter asks who someone is.
func (s *SignIn) enter(r *page.Request) error {
	if r.Account != nil {
		return r.Redirect(to(r, nil))
	}
	return s.showEntrance(r, http.StatusOK, r.NewForm("signin.enter"), to(r, nil))
}

func (s *SignIn) enterPost(r *page.Request) error {
	f, err := r.ReadForm("signin.enter")
	if err != nil {
		return err
	}
	email, password := f.Text("email", page.Required, page.Max(254)), f.Secret("password", page.Required)
	if f.Bad() {
		return s.showEntrance(r, 422, f, to(r, f))
	}
	t, err := s.accounts.SignIn(r.Context(), visit(r), email, password)
	if err != nil {
		if err := mark(r, f, err); err != nil {
			return err
		}
		return s.showEntrance(r, statusOf(err), f, to(r, f))
	}
	return s.goOn(r, t, to(r, f))
}

// goOn lets someone in, or asks for their code first.
func (s *SignIn) goOn(r *page.Request, t *account.Ticket, to string) error {
	if t.Half == nil {
		return s.admit(r, t, to)
	}
	if err := s.rotate(r, t); err != nil {
		return err
	}
	return r.Redirect(page.Path("/sign-in/code", "to", to))
}

// mark says on the form why someone could not be let in. Other errors are returned.
func mark(r *page.Request, f *page.Form, err error) error {
	switch wait, waits := account.Waiting(err); {
	case waits:
		seconds := int(math.Ceil(wait.Seconds()))
		r.W.Header().Set("Retry-After", strconv.Itoa(seconds))
		if seconds > 90 {
			f.Wrong("", "signin.wait.minutes", "n", int(math.Ceil(wait.Minutes())))
		} else {
			f.Wrong("", "signin.wait.seconds", "n", seconds)
		}
	case errors.Is(err, account.ErrWrong):
		f.Wrong("", "signin.wrong")
	case errors.Is(err, account.ErrPasskey), errors.Is(err, account.ErrNoPasskeys):
		f.Wrong("", "signin.passkey.wrong")
	case errors.Is(err, account.ErrNotLinked):
		f.Wrong("", "signin.provider.unknown")
	case errors.Is(err, account.ErrBusy):
		f.Wrong("", "signin.busy")
	case errors.Is(err, account.ErrCode):
		f.Wrong("code", "signin.one-time.wrong")
	case errors.Is(err, account.ErrLastFactor):
		f.Wrong("", "signin.last-factor")
	default:
		return f.Take(err)
	}
	return nil
}

// statusOf is the status of a page that says why someone could not be let in.
func statusOf(err error) int {
	if _, waits := account.Waiting(err); waits {
		return http.StatusTooManyRequests
	}
	if fault.KindOf(err) == fault.Unavailable {
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

// code asks for the second factor.
func (s *SignIn) code(r *page.Request) error {
	if s.ticket(r.Context()).Half == nil {
		return r.Redirect(page.Path("/sign-in", "to", to(r, nil)))
	}
	return r.Render(http.StatusOK, "signin/code", entrance{Form: r.NewForm("signin.code"), To: to(r, nil)})
}

func (s *SignIn) codePost(r *page.Request) error {
	f, err := r.ReadForm("signin.code")
	if err != nil {
		return err
	}
	code := f.Secret("code", page.Required, page.Max(64))
	v := entrance{Form: f, To: to(r, f)}
	if f.Bad() {
		return r.Render(422, "signin/code", v)
	}
	t, err := s.accounts.SecondFactor(r.Context(), visit(r), s.ticket(r.Context()), code)
	if errors.Is(err, account.ErrOver) {
		return s.over(r, v.To)
	}
	if err != nil {
		if err := mark(r, f, err); err != nil {
			return err
		}
		return r.Render(statusOf(err), "signin/code", v)
	}
	return s.admit(r, t, v.To)
}

// over begins again where a step took too long.
func (s *SignIn) over(r *page.Request, to string) error {
	r.Flash("signin.over")
	return r.Redirect(page.Path("/sign-in", "to", to))
}

// tourPost lets a visitor look around.
func (s *SignIn) tourPost(r *page.Request) error {
	if s.tour == 0 {
		return page.NotFound()
	}
	t, err := s.accounts.Tour(r.Context(), visit(r), s.tour)
	if err != nil {
		return err
	}
	return s.admit(r, t, "/")
}

// leave signs out. The browser is told to forget what it kept, but for cookies:
// the marks of language and of a known browser stay, and the session's goes by its
// own name.
func (s *SignIn) leave(r *page.Request) error {
	if r.Account != nil {
		if err := s.accounts.NoteSignOut(r.Context(), r.Account.ID); err != nil {
			return err
		}
	}
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	r.W.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	r.Flash("signin.out")
	return r.Redirect("/sign-in")
}
