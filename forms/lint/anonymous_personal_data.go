package lint

import (
	"regexp"
	"strings"

	"waymark/internal/pattern"
)

// personal are words by which a question that identifies a person is known.
var personal = []struct {
	what        string
	name, label func() *regexp.Regexp
}{
	{"a person's name",
		pattern.Of(`^(full_?name|first_?name|last_?name|family_?name|surname|given_?name|nickname|name|respondent_?name|name_of_(respondent|person|father|mother)|father_?name|mother_?name|nom|prenom|nom_complet)$`),
		pattern.Of(`(your|full|first|last|family|respondent['’]?s?|person['’]?s) name|what is your name|surname|votre nom|nom de famille|pr[ée]nom|ما اسم|نام خانوادگی`)},
	{"a telephone number",
		pattern.Of(`(^|_)(phone|mobile|telephone|tel|whatsapp|cell)(_|$)|phonenumber`),
		pattern.Of(`(phone|mobile|telephone|whatsapp) number|num[ée]ro de t[ée]l[ée]phone|رقم الهاتف|شماره تلفن`)},
	{"an address",
		pattern.Of(`(^|_)(address|adresse|street|house_?number)(_|$)`),
		pattern.Of(`(your|home|exact|street) address|votre adresse|عنوانك`)},
	{"a number of a document",
		pattern.Of(`(^|_)(passport|national_?id|id_?card|id_?number|cnic|tazkira|ssn|unhcr_?(id|number))(_|$)`),
		pattern.Of(`passport (number|no)|(national|identity) (id|card|number)|num[ée]ro de passeport|رقم جواز`)},
	{"a date of birth",
		pattern.Of(`(^|_)(dob|date_?of_?birth|birth_?date|birthday|date_naissance)(_|$)`),
		pattern.Of(`date of birth|date de naissance|تاريخ الميلاد`)},
	{"an email address",
		pattern.Of(`(^|_)(e_?mail|courriel)(_|$)`),
		pattern.Of(`e-?mail address|adresse (e-?mail|[ée]lectronique)`)},
	{"a face or a voice",
		pattern.Of(`(^|_)(photo|picture|selfie|voice)_of_(person|respondent)(_|$)`),
		pattern.Of(`(photo|picture) of (the )?(respondent|person|face)|record (the )?(respondent|person)`)},
}

// notTheirs are words in the names of questions about somebody or something
// else than the person.
var notTheirs = pattern.Of(`enumerator|interviewer|surveyor|team|site|place|location|partner`)

// anonymous are words by which a form says that it is anonymous.
var anonymous = pattern.Of(`anonym|an[oó]nim|(do not|don['’]t|not|never) (ask|record|collect|write)( for)? (your|any) names?|بدون ذكر|مجهول|ناشناس|بدون نام`)

var anonymousPersonalData = Rule{
	ID: "anonymous-personal-data", Severity: Advice,
	Finds:  "names, telephone numbers, addresses, documents, dates of birth in a form that says it is anonymous",
	Why:    "people were told that they cannot be recognised; the data would break that promise",
	Source: "IOM Data Protection Manual (2010), principle 6 (confidentiality); WHO Ethical and Safety Recommendations for Interviewing Trafficked Women (2003), recommendation 5 (anonymity)",
	check: func(q *questionnaire, report report) {
		if !q.saysAnonymous() {
			return
		}
		for _, r := range q.rows {
			if !r.input() || r.Type == "acknowledge" || notTheirs().MatchString(strings.ToLower(r.Name)) {
				continue
			}
			if what := Personal(r.Name, words(r.Label)); what != "" {
				report(q.at(r, "name"), "leave it out, or no longer say that the interview is anonymous",
					"%q looks like %s, but the form says that it is anonymous", r.Name, what)
			}
		}
	},
}

// Personal says what a question asks for by which a person could be recognised
// ("a telephone number"), going by its name and its labels in any case, or "".
func Personal(name string, labels ...string) string {
	name = strings.ToLower(name)
	for _, p := range personal {
		if p.name().MatchString(name) {
			return p.what
		}
		for _, l := range labels {
			if p.label().MatchString(strings.ToLower(l)) {
				return p.what
			}
		}
	}
	return ""
}

// saysAnonymous tells whether the title, a label or a hint says so.
func (q *questionnaire) saysAnonymous() bool {
	if anonymous().MatchString(strings.ToLower(q.form.Settings.Title)) {
		return true
	}
	for _, r := range q.rows {
		if anonymous().MatchString(words(r.Label, r.Hint)) {
			return true
		}
	}
	return false
}
