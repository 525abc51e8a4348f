package concern

import (
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

// backPage shows what the desk asks to somebody who has the code. It shows nothing of
// what was handed in, nor earlier replies.
type backPage struct {
	Form  *page.Form
	Known bool
	Code  string
	State string
	Desk  string
	Asks  []askRow
}

// askRow is a question of the desk that waits.
type askRow struct {
	ID, Text string
	When     page.Cell
	Field    *page.Field
}

func (a *area) back(r *page.Request) error {
	return r.Render(200, "concern/back", backPage{Form: r.NewForm("concern.back")})
}

// backPost opens the page with a code, or answers one question.
func (a *area) backPost(r *page.Request) error {
	f, err := r.ReadForm("concern.back")
	if err != nil {
		return err
	}
	h := matter.At(r)
	if err := a.slow.code(h.Link.ID, r.RemoteAddr); err != nil {
		return err
	}
	code := f.Text("code", page.Required, page.Max(40))
	if f.Bad() {
		return r.Render(422, "concern/back", backPage{Form: f})
	}
	m, err := a.store.MatterByCode(r.Context(), referral.Receipt, a.kit.Digest(string(referral.Receipt), code))
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	// A code of another organisation's link opens nothing here.
	if err != nil || m.Link != h.Link.ID {
		f.Wrong("code", "concern.back.wrong")
		return r.Render(422, "concern/back", backPage{Form: f})
	}
	file, err := a.store.Open(r.Context(), r.By, m.ID, string(access.ConcernSend))
	if err != nil {
		return err
	}
	if f.Raw("ask") == "" {
		return a.showBack(r, 200, f, file, code)
	}
	ask, err := ids.Parse(f.Raw("ask"))
	if err != nil {
		return page.NotFound()
	}
	name := "reply." + f.Raw("ask")
	text := f.Text(name, page.Lines, page.Max(8000))
	if text == "" && !f.Bad() {
		f.Wrong(name, "concern.back.empty")
	}
	if f.Bad() {
		return a.showBack(r, 422, f, file, code)
	}
	c, err := file.Reply(ask, text, a.kit.Who(r))
	if _, err = a.kit.Do(r, c, err); err != nil {
		if k := fault.KindOf(err); k != fault.Conflict && k != fault.Invalid {
			return err
		}
		f.Wrong("", "concern.back.already")
		if file, err = a.store.Open(r.Context(), r.By, m.ID, string(access.ConcernSend)); err != nil {
			return err
		}
		return a.showBack(r, 422, f, file, code)
	}
	if file, err = a.store.Open(r.Context(), r.By, m.ID, string(access.ConcernSend)); err != nil {
		return err
	}
	f.Set(name)
	return a.showBack(r, 200, f, file, code)
}

func (a *area) showBack(r *page.Request, status int, f *page.Form, file *referral.File, code string) error {
	desk, err := a.desk(r)
	if err != nil {
		return err
	}
	v := backPage{Form: f, Known: true, Code: code, State: string(file.State), Desk: desk.Name}
	for _, p := range file.Of(referral.PartAsk) {
		var ask referral.Ask
		if err := p.Decode(&ask); err != nil {
			return err
		}
		if !ask.Replied.IsZero() {
			continue
		}
		field, err := f.Field("reply."+p.ID.String(), "label", r.Text("concern.back.reply"), "rows", 5, "sensitive", true)
		if err != nil {
			return err
		}
		v.Asks = append(v.Asks, askRow{ID: p.ID.String(), Text: ask.Text, When: r.Moment(ask.At), Field: field})
	}
	return r.Render(status, "concern/back", v)
}
