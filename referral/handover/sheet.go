package handover

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
)

// About is what a paper says beside the answers.
type About struct {
	// Organisation is the agency that sends it. Required.
	Organisation string
	// Reference is the sender's: referral.Matter.Reference. Required.
	Reference string
	// Nation of the rules, for the next steps. Required.
	Nation string
	// Zone is where days begin. Default UTC.
	Zone *time.Location
	// Files are the uploads of the case by the identifiers that answers hold.
	Files map[string]File
}

// File is an upload of a case, as papers name it.
type File struct {
	Title  string // in the words of whoever uploaded it
	Type   string // media type, as found in the content
	Size   int64  // bytes
	SHA256 string // in hex
}

// Sheet is a package as papers.
type Sheet struct {
	Paper
	machine []byte
}

// Compose makes the papers of a package. p must be the rules that it was made under. It
// fails if the package is not what was checked, if an upload that it names is not
// there, or if it holds what must not leave.
func Compose(p *rule.Pathway, pack *referral.Package, about About) (*Sheet, error) {
	o, err := lawful(p, pack)
	if err != nil {
		return nil, err
	}
	s := &Sheet{Paper: Paper{Title: o.Title.String(), Notice: notice(p, o, pack), Made: pack.Made, Foot: "Reference " + about.Reference,
		Facts: about.facts(p, pack)}}
	asked := map[string]bool{}
	for _, q := range p.Referral.Asked(pack.Values) {
		asked[q.ID] = true
	}
	for _, id := range o.Order {
		if section := section(p, id, o, pack, about, asked); len(section.Items) > 0 {
			s.Sections = append(s.Sections, section)
		}
	}
	s.machine, err = machine(p, pack, about)
	return s, err
}

// lawful looks at a package for the last time: it is of these rules, nobody has altered
// it, and it holds nothing that its outcome may not carry.
func lawful(p *rule.Pathway, pack *referral.Package) (*rule.Outcome, error) {
	o := p.OutcomeByID(pack.Outcome)
	if o == nil || p.Version != pack.Rules {
		return nil, fault.New(fault.Internal, fault.Place{}, "the package was made under other rules", "")
	}
	sent, err := json.Marshal(pack.Values)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(sent)
	if hex.EncodeToString(digest[:]) != pack.Digest {
		return nil, fault.New(fault.Internal, fault.Place{}, "the package is not what was checked: nothing was made", "take the check back and check the answers again")
	}
	carried := map[string]bool{}
	for _, c := range o.Carry {
		carried[c.Question] = true
	}
	for id := range pack.Values {
		if p.Referral.Question(id) == nil || !o.Everything && !carried[id] {
			return nil, fault.New(fault.Internal, fault.Place{Field: id}, "the package holds what it must not carry: nothing was made", "report it; send nothing by other ways")
		}
	}
	return o, p.Lawful(o, pack.Values, pack.Values)
}

// notice says what the paper is. What identifies is promised by the rules, not by the
// name of an outcome.
func notice(p *rule.Pathway, o *rule.Outcome, pack *referral.Package) string {
	text := o.About.String()
	if o.Protects {
		text = "This holds nothing that identifies the person."
		if len(o.Cooperation) > 0 && (rule.Condition{o.Cooperation}).Holds(pack.Values) {
			text = "The person does not consent to be referred and is willing to co-operate. Their name and contact are here only as far as they wish."
		}
	}
	if p.Illustrative {
		text = "Example: not to be used for a real person. " + text
	}
	return text
}

func (a *About) zone() *time.Location {
	if a.Zone == nil {
		return time.UTC
	}
	return a.Zone
}

func (a *About) facts(p *rule.Pathway, pack *referral.Package) []Fact {
	return []Fact{
		{"Sent by", a.Organisation}, {"Reference", a.Reference},
		{"Checked on", pack.Made.In(a.zone()).Format("2 January 2006, 15:04")},
		{"Rules", p.Title.String() + ", " + pack.Rules},
		{"Digest of the answers", pack.Digest},
	}
}

// section are the questions of one section with their answers. Of a protecting outcome
// it shows what is carried alone: a question left empty could tell something too.
func section(p *rule.Pathway, id string, o *rule.Outcome, pack *referral.Package, about About, asked map[string]bool) Section {
	var s Section
	for _, x := range p.Referral.Sections {
		if x.ID != id {
			continue
		}
		s.Title = x.Title.String()
		for _, q := range x.Questions {
			values := pack.Values[q.ID]
			if q.Kind == rule.Note || len(values) == 0 && (!o.Everything || !asked[q.ID]) {
				continue
			}
			s.Items = append(s.Items, Item{Label: q.Text.String(), Values: worded(q, about.Files, values), Typed: q.Kind.FreeText() && q.Kind != rule.Files})
		}
	}
	return s
}

// Steps is what to do next, for whoever sends the package.
func Steps(p *rule.Pathway, pack *referral.Package, about About) (*Paper, error) {
	o, err := lawful(p, pack)
	if err != nil {
		return nil, err
	}
	n := p.Nation(about.Nation)
	if n == nil {
		return nil, fault.New(fault.Internal, fault.Place{}, "the rules have no such nation", "")
	}
	paper := &Paper{Title: "What to do next", Notice: p.Emergency.Text.String(), Made: pack.Made, Foot: "Reference " + about.Reference,
		Facts: []Fact{{"Reference", about.Reference}, {"After", o.Title.String()}, {"Where", n.Title.String()}, {"Rules", p.Title.String() + ", " + pack.Rules}}}
	s := Section{Title: "Steps"}
	for _, step := range o.Steps(pack.Values, about.Nation) {
		s.Items = append(s.Items, Item{Label: step.Text.String(), Plain: true, Source: source(p, &step.Rule)})
	}
	paper.Sections = []Section{s}
	return paper, nil
}

// source says where a rule comes from, whether somebody has compared it, and what is
// not certain.
func source(p *rule.Pathway, r *rule.Rule) string {
	authority := r.Cite.Authority
	if s := p.Source(authority); s != nil {
		authority = s.Title.String()
	}
	parts := []string{"Source: " + authority + ", " + r.Cite.Section + "."}
	if r.Verified.IsZero() {
		parts = append(parts, "Not verified.")
	}
	if r.Doubt != "" {
		parts = append(parts, r.Doubt)
	}
	return strings.Join(parts, " ")
}
