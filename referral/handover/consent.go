package handover

import (
	"waymark/internal/fault"
	"waymark/referral"
)

// consentWords are the codes of a record of consent in words.
var consentWords = map[string]string{
	"referral": "to be referred", "support": "to receive support", "share": "that others are told",
	"yes": "Yes", "no": "No", "withdrawn": "Withdrawn",
	"none": "Nobody: it was said in a language that both speak well", "professional": "A professional interpreter", "staff": "A member of staff who speaks it",
	"spoken": "Spoken", "written": "In writing", "easy-read": "In easy words to read", "pictures": "With pictures", "sign-language": "In sign language",
	"what-happens": "What happens next was explained", "who-sees": "Who will see it was explained", "may-withdraw": "That it can be withdrawn at any time was explained",
}

// Consent is the record of what was asked of the person, and how: what was explained,
// in which language, who interpreted, on which day.
func Consent(c *referral.Consent, about About) (*Paper, error) {
	words := func(codes ...string) ([]string, error) {
		var all []string
		for _, code := range codes {
			w, ok := consentWords[code]
			if !ok {
				return nil, fault.New(fault.Internal, fault.Place{}, "the record of consent holds a code that has no words", "")
			}
			all = append(all, w)
		}
		return all, nil
	}
	flat, err := words(c.Scope, c.Given, c.Interpreter)
	if err != nil {
		return nil, err
	}
	how, err := words(c.How...)
	if err != nil {
		return nil, err
	}
	understood := "No, as far as the worker could tell"
	if c.Capacity {
		understood = "Yes, as far as the worker could tell"
	}
	items := []Item{
		{Label: "Did the person consent " + flat[0] + "?", Values: flat[1:2]},
		{Label: "On which day", Values: []string{day(c.Date)}},
		{Label: "Language in which it was explained", Values: []string{tongue(c.Language)}},
		{Label: "Who interpreted", Values: flat[2:3]},
		{Label: "How it was explained", Values: how},
		{Label: "The person understood what was asked", Values: []string{understood}},
	}
	if c.Text != "" {
		items = append(items, Item{Label: "In the words of the worker", Values: []string{c.Text}, Typed: true})
	}
	return &Paper{Title: "Record of consent", Notice: "Consent can be withdrawn at any time. Whoever came with the person never interprets.",
		Facts:    []Fact{{"Written down by", about.Organisation}, {"Reference", about.Reference}},
		Sections: []Section{{Title: "What was asked, and how", Items: items}}, Foot: "Reference " + about.Reference}, nil
}
