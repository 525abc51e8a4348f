// Package instrument holds versioned questionnaires: their questions, codes
// and labels, the indicators defined on them with authority and citation, and
// the rules for who is left out.
//
// An instrument is a folder: survey.csv, choices.csv and settings.csv (the
// sheets of an XLSForm) and instrument.yaml (roles, groups, indicators,
// exclusions). fms-2016 and fms-2017 are built in; any other folder works the
// same, and so do a txtar archive of one and an XLSForm workbook. The package
// reads headers and says how a file's columns bind to questions, compares
// instruments and says what their rounds may be pooled over, and drafts an
// instrument from a data file. It knows nothing of estimates.
package instrument

import (
	"waymark/stats/table"
)

// Text is a text in several languages, by BCP 47 code ("en", "fr", "ar").
type Text map[string]string

// In returns the text in a language, else in English, else in any.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	if s := t["en"]; s != "" {
		return s
	}
	best := ""
	for k := range t {
		if best == "" || k < best {
			best = k
		}
	}
	return t[best]
}

// Citation says where a definition comes from. All parts are required.
type Citation struct {
	Authority string `yaml:"authority"`
	Source    string `yaml:"source"`
	Date      string `yaml:"date"` // ISO date or year-month of the source
}

// Question is one row of the survey sheet that holds an answer.
type Question struct {
	Name     string
	Type     string // XLSForm type without the list: select_one, integer, ...
	List     string // choice list of a select
	Group    string // enclosing groups, "journey/costs"
	Label    Text
	Hint     Text
	Relevant string
	// Constraint, ConstraintMessage, Required, Appearance, Calculation as in the sheet.
	Constraint  string
	Required    bool
	Appearance  string
	Calculation string
	// Kind is how the answer is held in a table.
	Kind table.Kind
	// Min and Max bound a number or, for dates, nothing; from the range in instrument.yaml.
	Min, Max *float64
	// Ordered says that the list's choices have an order of their own.
	Ordered bool
	// Identifying says that the answer may identify a person.
	Identifying bool
	// Optional says that a file may lack the question without a remark.
	Optional bool
	// Repeat is the name of the repeat that encloses the question, or "". Its
	// answers are not in the main file of an export.
	Repeat string
	// Metadata says that the phone fills it in: start, end, today, deviceid.
	Metadata bool
	// Open says that the list is not in the folder (select_one_from_file), so
	// that its codes are known only from the data.
	Open bool
	row  int // in the survey sheet, from 1
}

// Choice is one row of the choices sheet.
type Choice struct {
	Name  string
	Label Text
	// Missing is set where the choice stands for a reason: "refused", "dk".
	Missing table.Missing
}

// Role is a part that a question plays in the analysis.
type Role string

// The roles. All are optional; what needs a missing one is left out and said so.
const (
	RoleID          Role = "id"          // unique id of the interview
	RoleDate        Role = "date"        // day of the interview
	RoleStart       Role = "start"       // instant it began
	RoleEnd         Role = "end"         // instant it ended
	RoleEnumerator  Role = "enumerator"  // who asked
	RolePoint       Role = "point"       // flow monitoring point
	RoleLocation    Role = "location"    // GPS of the interview
	RoleRoute       Role = "route"       //
	RolePrevious    Role = "previous"    // took part before
	RoleConsent     Role = "consent"     //
	RoleAge         Role = "age"         // years
	RoleSex         Role = "sex"         //
	RoleNationality Role = "nationality" //
	RoleDeparture   Role = "departure"   // day the journey began
	RoleTransit     Role = "transit"     // time in transit, bands
	RoleWeights     Role = "weights"     // design columns, for any survey
	RoleStrata      Role = "strata"
	RoleCluster     Role = "cluster" // one question a stage, separated by spaces
	RoleFPC         Role = "fpc"     // likewise: population sizes or sampling fractions
)

// Band is one level of a banded number, both ends inclusive; nil is open.
type Band struct {
	Code  string
	Label Text
	From  *float64
	To    *float64
}

// Group is a way to divide the sample: a question as it is, a number in
// bands, or some levels of a question taken together.
type Group struct {
	ID      string
	Label   Text
	From    string // question
	Bands   []Band // of a number
	Merge   []Merge
	Ordered bool
}

// Merge takes levels of a question together as one.
type Merge struct {
	Code  string
	Label Text
	Of    []string
}

// Experience says whose experience an indicator counts.
type Experience string

// The experiences, never mixed in one count.
const (
	Own       Experience = "own"
	Awareness Experience = "awareness"
	Family    Experience = "family"
	Measure   Experience = "measure" // not of exploitation: a share such as time in transit
)

// Indicator is a yes/no measure on an instrument. Exactly one of Question and
// Of is set.
type Indicator struct {
	ID         string
	Label      Text // short: "Held against their will"
	Sentence   Text // "were kept at a place against their will, other than by authorities"
	Experience Experience
	// Question with the levels that count as yes; every other present level is no.
	Question string
	Yes      []string
	// Place is the question on the country where it happened, or "".
	Place string
	// Of with AtLeast counts other indicators. It is yes as soon as AtLeast of
	// them are yes; no if so many can no longer be reached; else missing.
	Of      []string
	AtLeast int
	// UnlessAny makes an addition: yes only if none of these indicators is yes.
	// The base is then everyone for whom that is known.
	UnlessAny []string
	Citation  Citation
}

// Exclusion is one rule for who is left out. Rules apply in order; an
// interview is counted under the first that holds.
type Exclusion struct {
	ID       string // "repeat", "consent", "age"
	Label    Text
	Question string
	// Levels that exclude (select questions), or Below (numbers): a value
	// under it excludes.
	Levels []string
	Below  *float64
	// Missing says what a missing answer does: "exclude" or "keep".
	Missing  string
	Why      Text // the stated rule for missing answers
	Citation Citation
}

// Instrument is one version of a questionnaire.
type Instrument struct {
	ID         string
	Title      Text
	Version    string
	Date       string
	Citation   Citation
	Languages  []string
	Questions  []Question
	Lists      map[string][]Choice
	Roles      map[Role]string
	Groups     []Group
	Indicators []Indicator
	Exclusions []Exclusion
	// SHA256 of the folder's files, so that a receipt can name the exact version.
	SHA256 string
	// MissingCodes are what any column may hold in place of an answer, with the
	// reason that each stands for.
	MissingCodes map[string]table.Missing
	// Silent has the rows of the survey sheet that hold no answer (notes,
	// groups, repeats) by name, with their labels.
	Silent map[string]Text
}

// Question returns the question with this name, or nil.
func (in *Instrument) Question(name string) *Question {
	for i := range in.Questions {
		if in.Questions[i].Name == name {
			return &in.Questions[i]
		}
	}
	return nil
}

// Indicator returns the indicator with this id, or nil.
func (in *Instrument) Indicator(id string) *Indicator {
	for i := range in.Indicators {
		if in.Indicators[i].ID == id {
			return &in.Indicators[i]
		}
	}
	return nil
}

// Group returns the group with this id, or nil.
func (in *Instrument) Group(id string) *Group {
	for i := range in.Groups {
		if in.Groups[i].ID == id {
			return &in.Groups[i]
		}
	}
	return nil
}

// Label names a question, group or indicator for people; an unknown name is
// returned as it is.
func (in *Instrument) Label(name, lang string) string {
	if g := in.Group(name); g != nil {
		return g.Label.In(lang)
	}
	if i := in.Indicator(name); i != nil {
		return i.Label.In(lang)
	}
	if q := in.Question(name); q != nil {
		if s := q.Label.In(lang); s != "" {
			return s
		}
	}
	return name
}

// LevelLabel names a level of a question or group; an unknown code is returned
// as it is.
func (in *Instrument) LevelLabel(name, code, lang string) string {
	if g := in.Group(name); g != nil {
		for _, b := range g.Bands {
			if b.Code == code {
				return b.Label.In(lang)
			}
		}
		for _, m := range g.Merge {
			if m.Code == code {
				return m.Label.In(lang)
			}
		}
		if g.From != name {
			return in.LevelLabel(g.From, code, lang)
		}
	}
	if q := in.Question(name); q != nil {
		for _, c := range in.Lists[q.List] {
			if c.Name == code {
				return c.Label.In(lang)
			}
		}
	}
	return code
}
