package concern

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"time"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

// cookieName is of the secret by which a browser finds its concern again. It tells
// nothing, no script reads it, and no other site makes the browser send it.
const cookieName = "report"

// keepReceipt is how long the browser can show the receipt again.
const keepReceipt = time.Hour

func setCookie(r *page.Request, secret string, life time.Duration) {
	c := &http.Cookie{Name: cookieName, Value: secret, Path: "/report", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: r.House.Secure(), SameSite: http.SameSiteStrictMode}
	if secret == "" {
		c.MaxAge = -1
	}
	http.SetCookie(r.W, c)
}

// secret is what the cookie holds, or "".
func secret(r *page.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil || len(c.Value) != len(matter.NewToken()) {
		return ""
	}
	return c.Value
}

// receiptCode is the code that the worker writes down. It follows from the browser's
// secret, so that a receipt whose answer was lost on the way can be shown again.
func (a *area) receiptCode(secret string) string {
	m := hmac.New(sha256.New, a.kit.Secret)
	m.Write([]byte("waymark receipt\x00" + secret))
	return matter.Code(m.Sum(nil))
}

// errNone is returned where the browser has no concern of this link.
var errNone = fault.New(fault.NotFound, fault.Place{}, "there is nothing that was begun here", "start again")

// row finds the concern that this browser began over this link and did not hand in.
// One that is too old is erased and gone.
func (a *area) row(r *page.Request) (*referral.Matter, error) {
	s := secret(r)
	if s == "" {
		return nil, errNone
	}
	m, err := a.store.MatterByCode(r.Context(), referral.Resume, a.kit.Digest(string(referral.Resume), s))
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil, errNone
		}
		return nil, err
	}
	if m.Link != matter.At(r).Link.ID || m.State != referral.Begun {
		return nil, errNone
	}
	if !m.KeepUntil.IsZero() && !m.KeepUntil.After(r.House.Now()) {
		if err := a.store.Erase(r.Context(), r.By, m.ID); err != nil {
			return nil, err
		}
		return nil, errNone
	}
	return m, nil
}

// draft opens the concern that this browser began. Where there is none, the worker is
// led to the start.
func (a *area) draft(r *page.Request) (*draft, error) {
	m, err := a.row(r)
	if err != nil {
		return nil, err
	}
	here := *matter.At(r)
	if here.Pathway, err = a.kit.Pathway(r.Context(), here.Network, m); err != nil {
		return nil, err
	}
	r.Found = &here // the rules that the concern was begun under
	f, err := a.store.Open(r.Context(), r.By, m.ID, string(access.ConcernSend))
	if err != nil {
		return nil, err
	}
	_, answers, err := f.Answered()
	if err != nil {
		return nil, err
	}
	return &draft{File: f, Answers: answers, here: &here, plan: planOf(here.Pathway.Concern)}, nil
}

// lost leads to the start if there is no concern to go on with.
func lost(r *page.Request, err error) error {
	if err == errNone {
		r.Flash("concern.lost")
		return matter.Onward(r, of(r, ""))
	}
	return err
}
