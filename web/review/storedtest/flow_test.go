package storedtest

import (
	"context"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store/storetest"
	"waymark/web/page/pagetest"
)

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// hiddenOf are the hidden fields of a page's forms, but that of its foot.
func hiddenOf(a *pagetest.Answer) url.Values {
	v := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(a.Body, -1) {
		if m[1] != "to" {
			v.Add(m[1], html.UnescapeString(m[2]))
		}
	}
	return v
}

// TestOfficersOverTheStore goes through an officer's day on each engine: what
// arrived is listed, read, decided about and changed, and the audit has it all.
func TestOfficersOverTheStore(t *testing.T) {
	for _, e := range storetest.Engines {
		t.Run(e.Name, func(t *testing.T) {
			ctx := context.Background()
			w := newWorld(t, e.NewPlace(t).Open(t))
			var all []ids.ID
			for n := range 60 {
				all = append(all, w.arrive(t, n))
			}
			must(t, w.db.SetChecked(ctx, []collection.Checked{{Submission: all[59], Revision: 1, Point: "P1", Route: "CMR", Day: "2016-10-29", Names: []string{"form.png"},
				Findings: []collection.Finding{{Rule: "form.constraint", Severity: collection.SeverityError, Question: "/data/person/age", Message: "too young"}}}}))
			c, colleague := w.client(t, 0), w.client(t, 1)
			list := c.Get(w.path("/submissions")).Want(t, 200, "60 submissions", "Has issues", "1 error", "Synthetic Enumerator")
			if n := strings.Count(list.Body, `name="item"`); n != 50 {
				t.Errorf("%d rows", n)
			}
			c.Get(w.path("/submissions")+"?state=has-issues&worst=error&rule=form.constraint&point=P1").Want(t, 200, all[59].String(), "1 submission")
			c.Get(w.path("/submissions")+"?text="+instance(7)).Want(t, 200, all[7].String())

			// Reading is audited; the record says so.
			id := all[59]
			c.Get(sub(id, "")).Want(t, 200, "Amina Example", "too young", "Libya", "form.png")
			c.Get(sub(id, "/pseudonymous")).Want(t, 200, "Not shown")
			if a := c.Get(sub(id, "/files/form.png")).Want(t, 200, "synthetic"); a.Header.Get("Content-Type") != "image/png" {
				t.Errorf("%v", a.Header)
			}
			c.Get(sub(id, "/history")).Want(t, 200, "Answers read", "Sent", "Synthetic Officer", "E07")

			// Two decide about one; the second is told.
			mine, theirs := hiddenOf(c.Get(sub(id, ""))), hiddenOf(colleague.Get(sub(id, "")))
			theirs.Set("state", "approved")
			theirs.Set("comment", "the age was confirmed")
			if a := colleague.Post(sub(id, "/review"), theirs); a.Code != 303 {
				t.Fatalf("%d %.500s", a.Code, a.Body)
			}
			mine.Set("state", "rejected")
			mine.Set("comment", "too young to be asked")
			c.Post(sub(id, "/review"), mine).Want(t, 409, "the age was confirmed", "Synthetic Colleague", "too young to be asked")

			// Many at once, one of them stale.
			var items []string
			for _, m := range regexp.MustCompile(`name="item" value="([^"]*)"`).FindAllStringSubmatch(list.Body, -1) {
				items = append(items, m[1])
			}
			c.Post(w.path("/submissions/review"), url.Values{"state": {"approved"}, "item": items[:3]}).Want(t, 409, "The state of 2 submissions was changed.", id.String())

			// Two edit one.
			id = all[30]
			first := editForm(c.Get(sub(id, "/edit")).Want(t, 200))
			second := editForm(colleague.Get(sub(id, "/edit")).Want(t, 200))
			second.Set("eq.person.age", "40")
			second.Set("reason", "typed wrong")
			if a := colleague.Post(sub(id, "/edit"), second); a.Code != 303 {
				t.Fatalf("%d %.3000s", a.Code, a.Body)
			}
			first.Set("eq.person.age", "41")
			first.Set("eq.person.full", "Amina Other")
			first.Set("reason", "asked again")
			clash := c.Post(sub(id, "/edit"), first).Want(t, 409, "Both of you changed these", "Synthetic Colleague", "typed wrong")
			again := editForm(clash)
			again.Set("pick.eq.person.age", "theirs")
			again.Set("reason", "asked again")
			if a := c.Post(sub(id, "/edit"), again); a.Code != 303 {
				t.Fatalf("%d %.3000s", a.Code, a.Body)
			}
			c.Get(sub(id, "/revisions?from=1&to=3")).Want(t, 200, "Amina Other", "40", "asked again", "typed wrong")
			revisions, err := w.db.Revisions(ctx, id)
			must(t, err)
			if len(revisions) != 3 || revisions[0].InstanceID != instance(30) || revisions[2].InstanceID == revisions[1].InstanceID {
				t.Errorf("%+v", revisions)
			}
			first3, err := w.db.ReadAnswers(ctx, w.actor(0), id, 1)
			must(t, err)
			if string(first3.XML) != document(30, "Amina Example") {
				t.Error("what the phone sent was changed")
			}
			files, err := w.db.Attachments(ctx, id)
			must(t, err)
			if len(files) != 1 || files[0].Address == "" {
				t.Errorf("the picture was lost: %+v", files)
			}
			c.Get(w.path("/progress")).Want(t, 200, "60", "Harbour")
			c.Get(w.path("/submissions")+"?state=approved").Want(t, 200)

			entries, err := w.db.History(ctx, id)
			must(t, err)
			var actions []string
			for _, x := range entries {
				actions = append(actions, x.Action)
			}
			if !slices.Contains(actions, "submission.edit") || !slices.Contains(actions, "submission.read") {
				t.Errorf("the audit says %v", actions)
			}
		})
	}
}

var (
	inputTag  = regexp.MustCompile(`<input[^>]*>`)
	areaTag   = regexp.MustCompile(`(?s)<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>`)
	attribute = regexp.MustCompile(`([a-z]+)="([^"]*)"`)
)

// editForm reads the form of a page as a browser would send it.
func editForm(a *pagetest.Answer) url.Values {
	v := url.Values{}
	_, body, _ := strings.Cut(a.Body, `autocomplete="off">`)
	for _, tag := range inputTag.FindAllString(body, -1) {
		at := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		if at["name"] == "" || at["name"] == "to" || (at["type"] == "radio" || at["type"] == "checkbox") && !strings.Contains(tag, " checked") {
			continue
		}
		v.Add(at["name"], at["value"])
	}
	for _, m := range areaTag.FindAllStringSubmatch(body, -1) {
		v.Add(m[1], html.UnescapeString(m[2]))
	}
	return v
}
