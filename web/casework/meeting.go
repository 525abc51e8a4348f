package casework

import (
	"fmt"
	"strings"

	"waymark/referral"
	"waymark/web/page"
)

// meetingActions is how many actions the page of a conference takes at once; more
// are written as tasks.
const meetingActions = 6

// readMeeting reads who was there and what they undertook.
func readMeeting(f *page.Form, m *referral.Conference) {
	for _, came := range []bool{true, false} {
		name := "absent"
		if came {
			name = "present"
		}
		for l := range strings.Lines(f.Text(name, page.Max(8000), page.Lines)) {
			if l = strings.TrimSpace(l); l != "" {
				m.Present = append(m.Present, referral.Attendance{Name: l, Came: came})
			}
		}
	}
	for i := 1; i <= meetingActions; i++ {
		a := referral.ConferenceAction{What: f.Text(fmt.Sprintf("what-%d", i), page.Max(1000)), Who: f.Text(fmt.Sprintf("who-%d", i)), Due: f.Date(fmt.Sprintf("due-%d", i))}
		if a.What == "" && a.Who == "" {
			continue
		}
		if a.What == "" || a.Who == "" {
			f.Wrong(fmt.Sprintf("what-%d", i), "casework.conference.action.half")
		}
		m.Actions = append(m.Actions, a)
	}
}

// meeting shows who was at a conference and what they undertook.
func (t *teller) meeting(v *shownPart, p *referral.Part) error {
	var m referral.Conference
	if err := p.Decode(&m); err != nil {
		return err
	}
	list := func(key string, lines []string) {
		if len(lines) > 0 {
			v.Rows.Rows = append(v.Rows.Rows, page.SummaryRow{Key: t.r.Text("casework.conference." + key), Value: page.Cell{Text: strings.Join(lines, "\n")}})
		}
	}
	var came, absent, actions []string
	for _, x := range m.Present {
		if x.Came {
			came = append(came, x.Name)
		} else {
			absent = append(absent, x.Name)
		}
	}
	for _, x := range m.Actions {
		s := x.Who + ": " + x.What
		if x.Due != "" {
			s += " (" + t.r.Words().Date(x.Due) + ")"
		}
		actions = append(actions, s)
	}
	list("present", came)
	list("absent", absent)
	list("actions", actions)
	return nil
}
