package handover

import (
	"strings"
	"testing"
	"time"

	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
)

// made is a world with a draft of the police, whose answers and package the real
// functions make.
type made struct {
	*referraltest.World
	uk *rule.Pathway
	n  *referral.Network
	m  *referral.Matter
}

func begin(t testing.TB) *made {
	t.Helper()
	all, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	b := &made{World: referraltest.NewWorld(t, nil), uk: all["uk"]}
	if b.n, err = b.Network(t.Context(), referraltest.Harbour); err != nil {
		t.Fatal(err)
	}
	if err := b.KeepRules(t.Context(), b.uk.Version, b.uk.Bundle()); err != nil {
		t.Fatal(err)
	}
	id := b.Make(referral.NewCase(referral.Starter{Network: b.n, Agency: b.Police, Rules: b.uk, Keep: b.Time().AddDate(0, 1, 0)}, b.who()))
	b.m = b.Row(id)
	return b
}

func (b *made) who() referral.Who { return b.Who(b.Officer, referraltest.Harbour) }

// freeze answers, records consent where it is asked, and makes the package.
func (b *made) freeze(t testing.TB, a rule.Answers) *referral.Package {
	t.Helper()
	c, _, err := b.Whole(b.m.ID).SaveReferral(b.uk, b.n.Nation, a, b.who())
	b.Make(c, err)
	if given := a.One(referral.ConsentQuestion); given != "" {
		r := consent(given)
		b.Make(b.Whole(b.m.ID).Add(referral.PartConsent, r, referral.About{}, b.who()))
	}
	b.Make(b.Whole(b.m.ID).Freeze(b.uk, b.uk.Today(b.n.Nation, b.Time()), "synthetic-key-1", b.who()))
	_, pack, err := b.Whole(b.m.ID).Packed()
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func consent(given string) *referral.Consent {
	return &referral.Consent{Scope: "referral", Given: given, Date: "2026-03-03", Language: "vi", Interpreter: "professional",
		How: []string{"spoken", "what-happens", "who-sees", "may-withdraw"}, Text: "She asked twice who would see it. (synthetic)", Capacity: true}
}

const fileRef = "0123456789abcdef0123456789abcdef"

func about() About {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err)
	}
	return About{Organisation: "Harbour Police (synthetic)", Reference: "SYNT-HETI-CREF", Nation: "england-wales", Zone: london,
		Files: map[string]File{fileRef: {Title: "Photograph of the yard", Type: "image/jpeg", Size: 120_000, SHA256: strings.Repeat("ab", 32)}}}
}

// adult is a whole referral with consent: Vietnamese, Greek and Cyrillic letters, a
// script that the PDF cannot set, a text over pages, a document. All of it is made up.
func adult() rule.Answers {
	return rule.Answers{
		"organisation": {"Harbour Police (synthetic)"}, "reporting-region": {"south-east"}, "under18": {"no"}, "under18-then": {"unsure"},
		"birthplace": {"Thành phố Hải Phòng"}, "family": {"Мария и Γεώργιος, synthetic"}, "situations": {"one"}, "situation-start": {"2024-03"}, "situation-end": {"2025"},
		"how-started": {strings.Repeat("A man offered work at a car wash. The fare was lent and the debt grew. ", 40)},
		"still-in":    {"no"}, "how-left": {"He said: <b>محمد</b> & walked out."}, "last-contact": {"month"}, "where": {"both"}, "where-regions": {"south-east", "london"}, "where-countries": {"VN", "FR"},
		"types": {"forced-work", "wages-taken"}, "cooperate": {"unsure"}, "consent": {"yes"}, "consent-how": {"interpreter"}, "consent-language": {"vi"}, "consent-date": {"2026-03-03"},
		"support-wanted": {"yes"}, "channels": {"phone"}, "contact-phone": {"+44 7700 900123"}, "contact-phone-safe": {"yes"},
		"name": {"Nguyễn Thị Tổng Hợp"}, "gender": {"female"}, "nationality": {"VN"}, "interpreter": {"yes"}, "interpreter-language": {"vi"},
		"decision-to": {"person"}, "referrer-name": {"Gil Synthetic"}, "referrer-role": {"Officer"}, "referrer-phone": {"+44 7700 900456"},
		"uploads": {fileRef}, "uploads-about": {"The yard as it was found"},
	}
}

// without is an adult who does not consent, with everything that could be typed typed
// before: only what may be carried is in the package.
func without(cooperate string) rule.Answers {
	a := adult()
	a["consent"], a["cooperate"] = []string{"no"}, []string{cooperate}
	a["notify-reason"], a["notify-gender"], a["notify-nationality"] = []string{"fear-exploiter"}, []string{"female"}, []string{"VN"}
	a["notify-name"], a["notify-phone"], a["notify-safe"] = []string{"Nguyễn Thị Tổng Hợp"}, []string{"+44 7700 900123"}, []string{"no"}
	return a
}

func child() rule.Answers {
	a := adult()
	for _, id := range []string{"under18-then", "consent", "consent-how", "consent-language", "consent-date"} {
		delete(a, id)
	}
	a["under18"], a["la-contacted"] = []string{"unsure"}, []string{"no"}
	return a
}
