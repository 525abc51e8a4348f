package refer

import (
	"net/url"
	"strings"
	"testing"

	"waymark/referral/rule"
	"waymark/web/page/pagetest"
)

// consenting answers with consent and everything that may identify, then takes it back
// in a browser.
func (s *site) consenting(c *pagetest.Client) (at string) {
	s.t.Helper()
	_, at = s.drafted(c)
	s.walk(c, at, answers)
	return at
}

// TestPromise6PapersOverThePagesHoldNothingThatWasTyped: a whole referral with consent
// becomes a notification; every paper and the outbox hold nothing that was typed.
func TestPromise6PapersOverThePagesHoldNothingThatWasTyped(t *testing.T) {
	s := newSite(t, "", Options{Service: "uk"})
	c := s.as(s.Officer)
	at := s.consenting(c)
	to := s.save(c, at, "consent", "no")
	if !strings.HasPrefix(to, at+"/record") {
		t.Fatalf("the new answer leads to %q", to)
	}
	// What went away is said by its question, and no answer stands in an address.
	c.Get(to).Want(t, 200, "You changed the answer to:", "Does the person consent to be referred?", "What is the person&#39;s name?", "does not consent")
	if strings.Contains(to, canary) {
		t.Errorf("the address is %q", to)
	}
	if got := c.Post(at+"/record", record); got.Code != 303 {
		t.Fatalf("%d %.2000s", got.Code, got.Body)
	}
	s.walk(c, at, map[string][]string{"notify-reason": {"fear-exploiter"}})
	shown := c.Get(at+"/check").Want(t, 200, "What is sent", "What is not sent", "Make the package", "What do you know about their family?")
	sent, _, _ := strings.Cut(shown.Body, "What is not sent")
	if _, sent, _ = strings.Cut(sent, "What is sent"); strings.Contains(sent, canary) || !strings.Contains(sent, "Fear of the exploiter") {
		t.Errorf("what is said to be sent is %.3000s", sent)
	}
	if got := c.Post(at+"/check", nil); got.Location() != at+"/package" {
		t.Fatalf("%d %.2000s", got.Code, got.Body)
	}
	c.Get(at+"/package").Want(t, 200, "Duty to Notify", "Tell the person that they can still be referred later")
	for _, p := range []string{"package.html", "package.json", "package.pdf", "steps.html", "steps.pdf"} {
		got := c.Get(at+"/papers/"+p).Want(t, 200)
		for _, never := range []string{canary, "7700", "Gil Synthetic"} {
			if strings.Contains(got.Body, never) {
				t.Errorf("%s holds %q", p, never)
			}
		}
	}
	c.Post(at+"/send", nil).Want(t, 303)
	lent, err := s.Claim(ctx, s.Time(), 0, 10)
	s.must(err)
	if len(lent) != 1 || strings.Contains(string(lent[0].Body), canary) || !strings.Contains(string(lent[0].Body), `"outcome": "notify"`) {
		t.Errorf("the outbox holds %d: %.500s", len(lent), lent[0].Body)
	}
}

// TestPromise7AChildNeverEndsInADutyToNotify: whatever was answered before, as soon as
// the age is under 18 or not sure, the pages ask for no consent and make a referral of
// a child.
func TestPromise7AChildNeverEndsInADutyToNotify(t *testing.T) {
	for _, age := range []string{"yes", "unsure"} {
		t.Run(age, func(t *testing.T) {
			s := newSite(t, "", Options{})
			c := s.as(s.Officer)
			at := s.consenting(c)
			s.save(c, at, "consent", "no")
			c.Post(at+"/record", record)
			s.walk(c, at, nil)
			c.Get(at).Want(t, 200, "Duty to Notify")
			// It was even checked as one.
			c.Post(at+"/check", nil).Want(t, 303)
			c.Post(at+"/thaw", url.Values{"reason": {"the age is not sure"}}).Want(t, 303)
			s.save(c, at, "under18", age)
			c.Get(at).Want(t, 200, "Referral of a child")
			// A page that was left open, or a request made by hand, brings no consent back.
			for _, id := range []string{"consent", "notify-reason", "notify-name"} {
				if got := c.Get(at + "/questions/" + id); got.Location() != at {
					t.Errorf("%s is shown: %d", id, got.Code)
				}
				if got := c.Post(at+"/questions/"+id, fields(s.uk.Referral.Question(id), []string{"no"})); got.Location() != at {
					t.Errorf("%s is taken: %d %q", id, got.Code, got.Location())
				}
			}
			if got := c.Post(at+"/record", record); got.Location() != at {
				t.Errorf("a record of consent is asked of a child: %d", got.Code)
			}
			given := map[string][]string{"la-contacted": {"no"}}
			for id, v := range answers {
				given[id] = v
			}
			for _, id := range s.walk(c, at, given) {
				if q := s.uk.Referral.Question(id); q.Section == "consent" || q.Section == "notify" || q.Section == "support" || q.Section == "decision" {
					t.Errorf("a child is asked %s", id)
				}
			}
			c.Post(at+"/check", nil).Want(t, 303)
			c.Get(at+"/package").Want(t, 200, "Referral of a child", "children&#39;s social care")
			got := c.Get(at+"/papers/package.json").Want(t, 200, `"outcome": "nrm-child"`)
			if strings.Contains(got.Body, "notify") || strings.Contains(got.Body, `"consent"`) {
				t.Error("the package of a child holds what was asked of an adult")
			}
		})
	}
}

// TestANotificationOfWhoCooperatesSaysWhatItCarries.
func TestANotificationOfWhoCooperatesSaysWhatItCarries(t *testing.T) {
	s := newSite(t, "", Options{})
	c := s.as(s.Officer)
	_, at := s.drafted(c)
	given := map[string][]string{}
	for id, v := range answers {
		given[id] = v
	}
	given["consent"], given["cooperate"], given["notify-name"] = []string{"no"}, []string{"yes"}, []string{canary + " told"}
	for _, q := range s.uk.Referral.Questions() {
		if q.Section == "notify" && q.Required && given[q.ID] == nil && q.Kind == rule.Choice {
			given[q.ID] = []string{"yes"}
			if q.Option("yes") == nil {
				given[q.ID] = []string{q.Options[0].Value}
			}
		}
	}
	asked := s.walk(c, at, given)
	c.Post(at+"/check", nil).Want(t, 303)
	html := c.Get(at+"/papers/package.html").Want(t, 200).Body
	named := strings.Contains(html, canary+" told")
	for _, id := range asked {
		if id == "notify-name" && !named {
			t.Error("the name that they want told is not told")
		}
	}
	if strings.Count(html, canary) > 1 {
		t.Error("more is told than the name")
	}
}
