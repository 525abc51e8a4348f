package rule

import (
	"slices"

	"waymark/internal/fault"
)

// Form is questions in order, in sections.
type Form struct {
	ID       string               `rule:"id,required"`
	Title    Text                 `rule:"title,required"`
	Lists    map[string][]*Option `rule:"lists"`
	Sections []*Section           `rule:"sections,required"`
	// Marks are conditions over the answers by which a row says in clear what lists
	// must know: MarkUrgent, MarkChild.
	Marks map[string]Condition `rule:"marks"`
	At    fault.Place          `json:"-"`
	all   []*Question          // of all sections, in order
	byID  map[string]*Question
}

// Section is questions under one title. Its condition counts for each of them.
type Section struct {
	ID        string      `rule:"id,required"`
	Title     Text        `rule:"title,required"`
	When      Condition   `rule:"when"`
	Questions []*Question `rule:"questions,required"`
	At        fault.Place `json:"-"`
}

// Question is one thing asked, one page.
type Question struct {
	ID   string `rule:"id,required"`
	Kind Kind   `rule:"kind,required"`
	Text Text   `rule:"text,required"`
	Hint Text   `rule:"hint"`
	// Why says why this is asked, for who asks it and for the person.
	Why Text `rule:"why"`
	// Options of a choice. In the file they stand here, or List names a list of
	// the form, or Indicators names a theme whose indicators they are.
	Options    []*Option `rule:"options"`
	List       string    `rule:"list"`
	Indicators string    `rule:"indicators"`
	When       Condition `rule:"when"`
	Required   bool      `rule:"required"`
	// Identifying marks an answer that may tell who someone is, by itself or
	// with others.
	Identifying bool `rule:"identifying"`
	// Bound questions are answered by the program, never typed: "organisation"
	// is the kind of organisation of the signed-in account, "reporter" its
	// person. Next passes over them.
	Bound string `rule:"bound"`
	// Max is the most signs of a text, or values of a question with several.
	// Default: 200 signs a line, 4000 a long text, 20 values.
	Max int `rule:"max"`
	// Least and Most bound a number. Default: 0 and 999999.
	Least *int `rule:"least"`
	Most  *int `rule:"most"`
	// NotFuture refuses a day or month after today.
	NotFuture bool `rule:"notFuture"`
	// Partial lets a date be a month or a year.
	Partial bool `rule:"partial"`
	// Accept lists the endings of files that are taken, MaxMB the size of each.
	Accept []string `rule:"accept"`
	MaxMB  int      `rule:"maxMB"`
	Cite   *Cite    `rule:"cite"`
	// Known is what a concern told already, for questions of the referral.
	Known *Known `rule:"known"`

	// Section is the section's id, SectionWhen its condition.
	Section     string      `rule:"-"`
	SectionWhen Condition   `rule:"-"`
	At          fault.Place `json:"-"`
}

// FreeText says whether the answer can hold anything at all. It follows from
// the kind; what the program fills in itself is no free text.
func (q *Question) FreeText() bool { return q.Kind.FreeText() && q.Bound == "" }

// Option returns the option of a value, or nil.
func (q *Question) Option(value string) *Option {
	for _, o := range q.Options {
		if o.Value == value {
			return o
		}
	}
	return nil
}

func (q *Question) holds(a Answers) bool { return q.SectionWhen.Holds(a) && q.When.Holds(a) }

// Option is one answer to choose.
type Option struct {
	Value string `rule:"value,required"`
	Text  Text   `rule:"text,required"`
	Hint  Text   `rule:"hint"`
	// Exclusive cannot be chosen with another: "none of these".
	Exclusive bool `rule:"exclusive"`
	// Region is what the value becomes where only a region may be told.
	Region string `rule:"region"`
	// Indicator behind the option, or nil.
	Indicator *Indicator  `rule:"-"`
	At        fault.Place `json:"-"`
}

// Questions are all questions in order, asked or not.
func (f *Form) Questions() []*Question { return f.all }

// Question returns a question by id, or nil.
func (f *Form) Question(id string) *Question { return f.byID[id] }

// Asked lists the questions to ask, in order: one pass, a question is asked if
// its condition and its section's hold over the answers to earlier questions
// that are themselves asked. An answer to a question that is not asked counts
// for nothing, nor does one that a choice does not offer. Notes are among them.
func (f *Form) Asked(a Answers) []*Question {
	asked, _ := f.pass(a)
	return asked
}

// pass goes through the form once.
func (f *Form) pass(a Answers) (asked []*Question, kept Answers) {
	kept = make(Answers, len(a))
	for _, q := range f.all {
		if !q.holds(kept) {
			continue
		}
		asked = append(asked, q)
		if v := a[q.ID]; len(v) > 0 && q.counts(v) {
			kept[q.ID] = v
		}
	}
	return asked, kept
}

// counts says whether values are an answer: not empty, one where one is asked
// for, and of a choice only what it offers. What else is wrong with them is for
// Check to say, and is kept meanwhile.
func (q *Question) counts(values []string) bool {
	switch {
	case q.Kind == Note || !answered(values) || len(values) > 1 && !q.Kind.Several():
		return false
	case q.Kind.options():
		for _, v := range values {
			if q.Option(v) == nil {
				return false
			}
		}
	}
	return true
}

// Prune keeps the answers to questions that are asked and names the others,
// sorted. Every draft goes through it before it is stored.
func (f *Form) Prune(a Answers) (kept Answers, dropped []string) {
	_, kept = f.pass(a)
	for id, v := range a {
		if kept[id] == nil {
			dropped = append(dropped, id)
		} else {
			kept[id] = slices.Clone(v)
		}
	}
	slices.Sort(dropped)
	return kept, dropped
}

// Next returns the first asked question that is not done and not bound, or
// nil. What is done is the caller's to say: an optional question that was
// passed over has no answer.
func (f *Form) Next(a Answers, done map[string]bool) *Question {
	for _, q := range f.Asked(a) {
		if !done[q.ID] && q.Bound == "" {
			return q
		}
	}
	return nil
}
