package refer

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/handover"
	"waymark/referral/handover/handovertest"
	"waymark/referral/referraltest"
	"waymark/trust/audit"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// pair is a draft of the council on which two people work.
func (s *site) pair() (one, two *pagetest.Client, id ids.ID, at string) {
	s.t.Helper()
	one = s.as(s.Caseworker)
	id, at = s.drafted(one)
	s.Make(s.Whole(id).Join(s.Colleague.ID, s.Who(s.Caseworker, referraltest.Harbour)))
	return one, s.as(s.Colleague), id, at
}

// TestTwoPeopleAtOnceAreShownAndNothingIsOverwritten.
func TestTwoPeopleAtOnceAreShownAndNothingIsOverwritten(t *testing.T) {
	s := newSite(t, "", Options{})
	one, two, id, at := s.pair()
	path := at + "/questions/family"
	mine, theirs := etag(one.Get(path)), etag(two.Get(path))
	other := etag(two.Get(at + "/questions/education"))
	two.Post(path, url.Values{"q-family": {"Their words"}, "etag": {theirs}}).Want(t, 303)
	got := one.Post(path, url.Values{"q-family": {"My words"}, "etag": {mine}}).Want(t, 409, "Their words", "My words")
	stored := func() string {
		_, a, err := s.Whole(id).Answered()
		s.must(err)
		return strings.Join(a.Values["family"], "")
	}
	if stored() != "Their words" {
		t.Errorf("stored is %q", stored())
	}
	one.Post(path, url.Values{"q-family": {"Both words"}, "etag": {etag(got)}}).Want(t, 303)
	if stored() != "Both words" {
		t.Errorf("stored is %q", stored())
	}
	// Another question, read before: nobody stands in the way.
	two.Post(at+"/questions/education", url.Values{"q-education": {"Some"}, "etag": {other}}).Want(t, 303)
	// The same again, after the line was lost behind the server: no clash with oneself.
	two.Post(at+"/questions/education", url.Values{"q-education": {"Some"}, "etag": {other}}).Want(t, 303)
	// A page that never saw a state overwrites nothing.
	two.Post(at+"/questions/education", url.Values{"q-education": {"Other"}}).Want(t, 409)
}

// TestManyAtOnceLoseNothing: answers to different questions from many at once.
func TestManyAtOnceLoseNothing(t *testing.T) {
	s := newSite(t, "", Options{})
	one, two, id, at := s.pair()
	done := make(chan int)
	questions := []string{"family", "education", "employment", "birthplace"}
	for i, q := range questions {
		c := one
		if i%2 == 1 {
			c = two
		}
		v := url.Values{"q-" + q: {"Words of " + q}, "etag": {etag(c.Get(at + "/questions/" + q))}}
		go func() { done <- c.Post(at+"/questions/"+q, v).Code }()
	}
	for range questions {
		if code := <-done; code != 303 {
			t.Errorf("an answer came to %d", code)
		}
	}
	_, a, err := s.Whole(id).Answered()
	s.must(err)
	for _, q := range questions {
		if len(a.Values[q]) != 1 || a.Values[q][0] != "Words of "+q {
			t.Errorf("%s is %q", q, a.Values[q])
		}
	}
}

// TestGoneOnWithLater: every save is on the server, and the next browser goes on there.
func TestGoneOnWithLater(t *testing.T) {
	s := newSite(t, "", Options{})
	c := s.as(s.Officer)
	id, at := s.drafted(c)
	first := c.Get(at + "/next").Location()
	kept := s.Row(id).KeepUntil
	s.Pass(48 * time.Hour)
	got := c.Post(at+"/questions/own-reference", url.Values{"q-own-reference": {"R1"}, "etag": {etag(c.Get(at + "/questions/own-reference"))}, "then": {"later"}})
	if got.Location() != at || first != at+"/questions/own-reference" {
		t.Errorf("%q leads to %q", first, got.Location())
	}
	if !s.Row(id).KeepUntil.After(kept) {
		t.Error("a draft that is worked on is not kept on")
	}
	c.Get(at).Want(t, 200, "Saved. You can go on")
	again := s.as(s.Officer)
	again.Get(at).Want(t, 200, "1 of 2", "In progress")
	if next := again.Get(at + "/next").Location(); next != at+"/questions/reporting-region" {
		t.Errorf("it goes on at %q", next)
	}
	// Nothing typed and later: nothing is asked for.
	if got := again.Post(at+"/questions/reporting-region", url.Values{"then": {"later"}, "etag": {"1"}}); got.Location() != at {
		t.Errorf("%d %q", got.Code, got.Location())
	}
	again.Post(at+"/questions/reporting-region", url.Values{"etag": {etag(again.Get(at + "/questions/reporting-region"))}}).Want(t, 422, "Answer this question")
	// The page's script is told where to go.
	r := httptest.NewRequest("POST", "http://waymark.test"+at+"/questions/reporting-region", strings.NewReader(url.Values{"q-reporting-region": {"wales"},
		"etag": {etag(again.Get(at + "/questions/reporting-region"))}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(matter.KeepHeader, "yes")
	if got := again.Do(r); got.Code != 204 || got.Header.Get(matter.NextHeader) != at+"/questions/under18" {
		t.Errorf("the script gets %d and %q", got.Code, got.Header.Get(matter.NextHeader))
	}
}

// TestEverythingThatIsMissingIsSaidAtOnce.
func TestEverythingThatIsMissingIsSaidAtOnce(t *testing.T) {
	s := newSite(t, "", Options{})
	c := s.as(s.Officer)
	_, at := s.drafted(c)
	got := c.Get(at+"/check").Want(t, 200, "Before the package can be made", at+"/questions/under18", at+"/questions/reporting-region", at+"/questions/types")
	if strings.Contains(got.Body, "Make the package") {
		t.Error("an empty referral can be made")
	}
	c.Post(at+"/check", nil).Want(t, 422, at+"/questions/under18")
	s.save(c, at, "under18", "no")
	s.save(c, at, "consent", "yes")
	c.Get(at+"/check").Want(t, 200, at+"/record", "Record of consent", "Missing")
	defer func() { // sent twice, it is there once
		c.Post(at+"/record", record).Want(t, 303)
		c.Post(at+"/record", record).Want(t, 303)
		id, err := ids.Parse(strings.Split(at, "/")[2])
		s.must(err)
		if n := len(s.Whole(id).Of(referral.PartConsent)); n != 1 {
			t.Errorf("%d records of consent", n)
		}
	}()
	// A record that says nothing is not taken; nor one of tomorrow.
	c.Post(at+"/record", nil).Want(t, 422, "must be filled in")
	tomorrow := url.Values{}
	for k, v := range record {
		tomorrow[k] = v
	}
	tomorrow["date-year"] = []string{"2027"}
	c.Post(at+"/record", tomorrow).Want(t, 422, "after today")
	companion := url.Values{}
	for k, v := range record {
		companion[k] = v
	}
	companion["interpreter"] = []string{"companion"}
	c.Post(at+"/record", companion).Want(t, 422)
	without := url.Values{}
	for k, v := range record {
		without[k] = v
	}
	without.Del("capacity")
	c.Post(at+"/record", without).Want(t, 422, "understood")
}

// TestWhatTheConcernToldIsLookedAtAndConfirmed.
func TestWhatTheConcernToldIsLookedAtAndConfirmed(t *testing.T) {
	s := newSite(t, "", Options{})
	w := referral.Who{By: audit.Actor{Kind: audit.Visitor, Via: "web"}, At: s.Time()}
	concern := s.Make(referral.NewConcern(s.Fire, s.uk.Version, s.Time().Add(24*time.Hour), []byte(ids.New().String()), w))
	c, _, err := s.Whole(concern).SaveConcern(s.uk.Concern, map[string][]string{"danger": {"no"}, "age": {"adult"}, "people": {"one"}, "place": {canary + " place"}, "words": {canary + " words"}}, w)
	s.Make(c, err)
	n, err := s.Network(ctx, referraltest.Harbour)
	s.must(err)
	id := s.Make(referral.NewCase(referral.Starter{Network: n, Agency: s.Council, Rules: s.uk, From: s.Whole(concern), Keep: s.Time().AddDate(0, 1, 0)}, s.Who(s.Contact, referraltest.Harbour)))
	b := s.as(s.Contact)
	at := "/cases/" + id.String() + "/referral"
	b.Get(at).Want(t, 200, "From the concern: look and confirm")
	b.Get(at+"/questions/under18").Want(t, 200, "This comes from the concern", "checked")
	s.save(b, at, "under18", "no")
	if got := b.Get(at + "/questions/under18"); strings.Contains(got.Body, "This comes from the concern") {
		t.Error("a confirmed answer is said to come from the concern")
	}
}

var (
	pdf = []byte("%PDF-1.4\n%synthetic\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
	png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00")
)

// TestPromise18UploadsAreKnownByTheirContent.
func TestPromise18UploadsAreKnownByTheirContent(t *testing.T) {
	s := newSite(t, "", Options{})
	c := s.as(s.Officer)
	id, at := s.drafted(c)
	s.walk(c, at, answers)
	path := at + "/questions/uploads"
	c.Get(path).Want(t, 200, "There is no file yet", "DOC, DOCX, PDF, JPG or PNG")
	up := func(title, name string, content []byte) *pagetest.Answer {
		return c.Upload(path+"/files", url.Values{"title": {title}}, map[string]page.Upload{"file": {Name: name, Bytes: content}})
	}
	up("", "yard.png", png).Want(t, 422, "What the file shows")
	up("Yard", "yard.exe", png).Want(t, 422)
	up("Yard", "yard.pdf", png).Want(t, 422, "not what its name says")
	up("Yard", "yard.png", []byte("<html><script>alert(1)</script>")).Want(t, 422, "not what its name says")
	up("Yard", "yard.png", append(append([]byte{}, png...), make([]byte, 26<<20)...)).Want(t, 413)
	if n := len(s.Whole(id).Of(referral.PartDocument)); n != 0 {
		t.Fatalf("%d files were kept", n)
	}
	up("The yard", "../../etc/yard.png", png).Want(t, 303)
	up("A letter", "letter.pdf", pdf).Want(t, 303)
	up("The yard again", "yard.png", png).Want(t, 422, "there already")
	c.Get(path).Want(t, 200, "The yard", "A letter", "yard.png")
	docs := s.Whole(id).Of(referral.PartDocument)
	if len(docs) != 2 {
		t.Fatalf("%d documents", len(docs))
	}
	var d referral.Document
	s.must(docs[0].Decode(&d))
	if d.Name != "yard.png" || d.Type != "image/png" || len(d.SHA256) != 64 || d.Size != int64(len(png)) {
		t.Errorf("%+v", d)
	}
	s.save(c, at, "uploads-about", "What was found")
	s.walk(c, at, answers)
	c.Get(at+"/check").Want(t, 200, "The yard", "A letter")
	c.Post(at+"/check", nil).Want(t, 303)
	c.Get(at+"/papers/package.json").Want(t, 200, d.SHA256, "The yard", `"image/png"`)
	c.Get(at+"/papers/package.html").Want(t, 200, d.SHA256)
	c.Get(at+"/package").Want(t, 200, "does not hold them", "The yard", "/parts/"+docs[0].ID.String()+"/file")
	// And taken out again.
	c.Post(at+"/thaw", url.Values{"reason": {"one was wrong"}}).Want(t, 303)
	c.Post(path+"/remove", url.Values{"ref": {d.Ref}}).Want(t, 303)
	if n := len(s.Whole(id).Of(referral.PartDocument)); n != 1 {
		t.Errorf("%d documents", n)
	}
	c.Post(path+"/remove", url.Values{"ref": {"../../x"}}).Want(t, 303)
}

// TestSentByTheService: queued once, delivered once, and the page says how it stands.
func TestSentByTheService(t *testing.T) {
	asked := 0
	s := newSite(t, "", Options{Service: "uk", Start: nil})
	s.area = Area(s.kit, Options{Service: "uk", Start: func(context.Context) error { asked++; return nil }})
	id, at := s.ready()
	c := s.as(s.Officer)
	c.Get(at+"/package").Want(t, 200, "Send it to the service", "Write down the hand-over")
	c.Post(at+"/send", nil).Want(t, 303)
	c.Post(at+"/send", nil).Want(t, 303)
	if m, _ := s.Messages(ctx, id); len(m) != 1 || asked != 1 {
		t.Fatalf("%d messages, asked %d times", len(m), asked)
	}
	c.Get(at+"/package").Want(t, 200, "Waits", "sent within a minute")
	c.Get(at+"/hand-over").Want(t, 200, "also waits to be sent")
	service := &handovertest.Service{Answers: []handover.Code{handover.Trouble}}
	d := handover.Delivery{Store: s.Memory, Library: s.kit.Library, Sender: service, Now: s.Time, Log: s.house.Log}
	deliver := func() {
		t.Helper()
		_, err := d.Deliver(ctx)
		s.must(err)
		s.Pass(time.Hour)
	}
	deliver()
	c.Get(at+"/package").Want(t, 200, "Attempts so far: 1", "trouble of its own")
	deliver()
	c.Get(at+"/package").Want(t, 200, "Delivered", "receipt-of-", "by the authority&#39;s service")
	if m := s.Row(id); m.State != referral.Sent || service.Taken() != 1 {
		t.Errorf("%s, taken %d times", m.State, service.Taken())
	}
	if got := c.Get(at + "/package"); strings.Contains(got.Body, "Take the check back") {
		t.Error("what was delivered can be taken back")
	}

	id, at = s.ready()
	c.Post(at+"/send", nil).Want(t, 303)
	service.Answers = []handover.Code{handover.Unwanted}
	deliver()
	c.Get(at+"/package").Want(t, 200, "Refused", "does not take this kind", "Write down the hand-over", "Take the check back")
	// Taken back, changed, made and sent again under another key.
	c.Post(at+"/thaw", nil).Want(t, 422)
	c.Post(at+"/thaw", url.Values{"reason": {"the service asked for it"}}).Want(t, 303)
	if m := s.Row(id); m.State != referral.Draft || m.KeepUntil.IsZero() || s.Whole(id).Only(referral.PartPackage) != nil {
		t.Errorf("%s, kept until %s", m.State, m.KeepUntil)
	}
	c.Get(at+"/papers/package.json").Want(t, 303)
	c.Post(at+"/check", nil).Want(t, 303)
	c.Post(at+"/send", nil).Want(t, 303)
	deliver()
	if m := s.Row(id); m.State != referral.Sent || service.Taken() != 2 {
		t.Errorf("%s, taken %d", m.State, service.Taken())
	}
}
