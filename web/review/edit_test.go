package review

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
	"waymark/web/page/pagetest"
)

var (
	inputTag  = regexp.MustCompile(`<input[^>]*>`)
	areaTag   = regexp.MustCompile(`(?s)<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>`)
	attribute = regexp.MustCompile(`([a-z]+)="([^"]*)"`)
)

// fieldsOf reads the page's form as a browser would send it.
func fieldsOf(a *pagetest.Answer) url.Values {
	v := url.Values{}
	_, body, _ := strings.Cut(a.Body, `autocomplete="off">`)
	for _, tag := range inputTag.FindAllString(body, -1) {
		at := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		if at["name"] == "" || (at["type"] == "radio" || at["type"] == "checkbox") && !strings.Contains(tag, " checked") {
			continue
		}
		if at["name"] == "to" || at["name"] == "lang" {
			continue // of the page's foot
		}
		v.Add(at["name"], at["value"])
	}
	for _, m := range areaTag.FindAllStringSubmatch(body, -1) {
		v.Add(m[1], html.UnescapeString(m[2]))
	}
	return v
}

func xmlOf(f *fake, s *collection.Submission) string {
	all := f.revisions[s.ID]
	return string(all[len(all)-1].XML)
}

func TestEditPage(t *testing.T) {
	f := newFake(1)
	s := f.subs[0]
	c := site(t, f, pagetest.AllowAll{}, Options{})
	form := c.Get(sub(s.ID, "/edit")).Want(t, 200, "About the person", "Full name", `value="31"`, `value="boat" checked`, "Woman or girl", "Libya", "Journeys (2)", "form.png")
	v := fieldsOf(form)
	if a := c.Post(sub(s.ID, "/edit"), v).Want(t, 422, "Why do you change this?: this must be filled in"); !strings.Contains(a.Body, "Amina Example") {
		t.Error("what was typed is gone")
	}
	v.Set("reason", "nothing to do")
	c.Post(sub(s.ID, "/edit"), v).Want(t, 422, "No answer was changed")
	v.Set("eq.person.age", "two hundred")
	v.Set("eq.person.full", "")
	bad := c.Post(sub(s.ID, "/edit"), v).Want(t, 422, "Age in years: the answer is not a whole number", "Full name: the question must be answered", `value="two hundred"`)
	if !strings.Contains(bad.Body, `href="#f-eq.person.age"`) {
		t.Error("the faults do not lead to their fields")
	}
	v.Set("eq.person.full", "Amina Example")
	v.Set("eq.person.age", "16")
	v["eq.means"] = []string{"foot"}
	v.Set("reason", "the enumerator confirmed it")
	saved := c.Post(sub(s.ID, "/edit"), v)
	if saved.Code != 303 || saved.Location() != sub(s.ID, "/revisions?from=1&to=2") {
		t.Fatalf("%d %s %.500s", saved.Code, saved.Location(), saved.Body)
	}
	c.Get(saved.Location()).Want(t, 200, "Saved as a new revision: 3 answers differ.", "Different", "the enumerator confirmed it", "Synthetic Officer", "31", "16")
	if x := xmlOf(f, s); !strings.Contains(x, "<age>16</age>") || !strings.Contains(x, "<means>foot</means>") || !strings.Contains(x, "<group>child</group>") || !strings.Contains(x, "deprecatedID>uuid:5d0c3f3e-0000-4000-8000-000000000000<") {
		t.Error(x)
	}
	if string(f.revisions[s.ID][0].XML) != interview(0, "Amina Example", "31") {
		t.Error("the first revision was changed")
	}
	// A guardian is asked for by now.
	v = fieldsOf(c.Get(sub(s.ID, "/edit")).Want(t, 200, "eq.person.guardian"))
	v.Set("eq.person.guardian", "an aunt")
	v.Set("reason", "asked by phone")
	if a := c.Post(sub(s.ID, "/edit"), v); a.Code != 303 {
		t.Errorf("%d", a.Code)
	}
	if x := xmlOf(f, s); !strings.Contains(x, "<guardian>an aunt</guardian>") {
		t.Error(x)
	}
}

// TestTwoOfficersEdit: the second sees what the first changed, keeps what only one
// of them changed, and chooses where both did.
func TestTwoOfficersEdit(t *testing.T) {
	f := newFake(1)
	s := f.subs[0]
	c := site(t, f, pagetest.AllowAll{}, Options{})
	mine, theirs := fieldsOf(c.Get(sub(s.ID, "/edit"))), fieldsOf(c.Get(sub(s.ID, "/edit")))
	theirs.Set("eq.person.age", "44")
	theirs.Set("eq.trip.days-2", "10")
	theirs.Set("reason", "their reason")
	if a := c.Post(sub(s.ID, "/edit"), theirs); a.Code != 303 {
		t.Fatalf("%d %.1000s", a.Code, a.Body)
	}
	f.revisions[s.ID][1].Account = second
	mine.Set("eq.person.age", "45")
	mine.Set("eq.person.full", "Amina Other")
	mine.Set("reason", "my reason")
	a := c.Post(sub(s.ID, "/edit"), mine).Want(t, 409, "Someone else changed this", "Synthetic Colleague", "their reason", "Both of you changed these", "my reason", "Amina Other", "What they changed")
	if len(f.revisions[s.ID]) != 2 {
		t.Fatal("something was written")
	}
	again := fieldsOf(a)
	if again.Get("eq.trip.days-2") != "10" || again.Get("eq.person.age") != "45" || again.Get("base") != "2" || again.Get("was") != "1" {
		t.Errorf("the form offers %v", again)
	}
	// Without a choice it is asked again.
	open := c.Post(sub(s.ID, "/edit"), again).Want(t, 409, "choose which answer to keep", "Both of you changed these", "Amina Other")
	again = fieldsOf(open)
	again.Set("pick.eq.person.age", "theirs")
	if a := c.Post(sub(s.ID, "/edit"), again); a.Code != 303 {
		t.Fatalf("%d %.2000s", a.Code, a.Body)
	}
	if x := xmlOf(f, s); !strings.Contains(x, "<age>44</age>") || !strings.Contains(x, "<full>Amina Other</full>") || !strings.Contains(x, "<days>10</days>") {
		t.Error(x)
	}
	if len(f.revisions[s.ID]) != 3 {
		t.Errorf("%d revisions", len(f.revisions[s.ID]))
	}
	// The same once more, and mine is picked.
	mine = fieldsOf(c.Get(sub(s.ID, "/edit")))
	theirs = fieldsOf(c.Get(sub(s.ID, "/edit")))
	theirs.Set("eq.person.age", "50")
	theirs.Set("reason", "again")
	c.Post(sub(s.ID, "/edit"), theirs)
	mine.Set("eq.person.age", "51")
	mine.Set("reason", "again")
	last := fieldsOf(c.Post(sub(s.ID, "/edit"), mine).Want(t, 409))
	last.Set("pick.eq.person.age", "mine")
	c.Post(sub(s.ID, "/edit"), last)
	if x := xmlOf(f, s); !strings.Contains(x, "<age>51</age>") {
		t.Error(x)
	}
}

// TestEditMeetsReview: a decision meanwhile is shown before the change is saved, and
// a change between our reading and our writing is seen too.
func TestEditMeetsReview(t *testing.T) {
	f := newFake(1)
	s := f.subs[0]
	c := site(t, f, pagetest.AllowAll{}, Options{})
	v := fieldsOf(c.Get(sub(s.ID, "/edit")))
	v.Set("eq.person.age", "33")
	v.Set("reason", "typed wrong")
	other := audit.Actor{Kind: audit.Account, ID: second, Via: "web"}
	if err := f.Review(t.Context(), other, s.ID, 1, collection.Approved, "fine as it is"); err != nil {
		t.Fatal(err)
	}
	v = fieldsOf(c.Post(sub(s.ID, "/edit"), v).Want(t, 409, "fine as it is", "Synthetic Colleague", `value="33"`, "typed wrong"))
	once := true
	f.before = func(string) {
		if once {
			once = false
			if err := f.Review(t.Context(), other, s.ID, 2, collection.HasIssues, "just now"); err != nil {
				t.Error(err)
			}
		}
	}
	v = fieldsOf(c.Post(sub(s.ID, "/edit"), v).Want(t, 409, "just now", `value="33"`))
	if a := c.Post(sub(s.ID, "/edit"), v); a.Code != 303 || len(f.revisions[s.ID]) != 2 {
		t.Errorf("%d %.1000s", a.Code, a.Body)
	}
}

func TestEditRefuses(t *testing.T) {
	f := newFake(2)
	f.subs[1].Unreadable = true
	c := site(t, f, pagetest.AllowAll{}, Options{})
	c.Get(sub(f.subs[1].ID, "/edit")).Want(t, 503)
	for _, v := range []url.Values{{}, {"etag": {"1"}, "base": {"9"}}, {"etag": {"1"}, "base": {"0"}}, {"etag": {"x"}, "base": {"1"}}} {
		c.Post(sub(f.subs[0].ID, "/edit"), v).Want(t, 400)
	}
	if fault.KindOf(f.Edit(t.Context(), audit.Actor{}, f.subs[0].ID, 7, &collection.Revision{}, nil)) != fault.Conflict {
		t.Error("the store of these tests takes an old Etag")
	}
}
