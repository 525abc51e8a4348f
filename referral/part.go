package referral

import (
	"encoding/json"
	"fmt"
	"time"

	"waymark/internal/ids"
)

// PartKind is what a part of a file holds.
type PartKind string

// The kinds of part, with the type of their content.
const (
	PartAnswers    PartKind = "answers"    // Answers: of the concern's questions, or of the referral's
	PartAsk        PartKind = "ask"        // Ask
	PartStep       PartKind = "step"       // Step
	PartConsent    PartKind = "consent"    // Consent
	PartPackage    PartKind = "package"    // Package
	PartHandover   PartKind = "handover"   // Handover
	PartPerson     PartKind = "person"     // Person
	PartRisk       PartKind = "risk"       // Risk
	PartPlan       PartKind = "plan"       // Plan
	PartNeed       PartKind = "need"       // Need
	PartService    PartKind = "service"    // Service
	PartPartner    PartKind = "partner"    // PartnerReferral
	PartDocument   PartKind = "document"   // Document
	PartNote       PartKind = "note"       // Note
	PartEvent      PartKind = "event"      // Event
	PartTask       PartKind = "task"       // Task
	PartConference PartKind = "conference" // Conference
	PartRight      PartKind = "right"      // Right
)

// Part is one piece of a file's content with what stands in clear about it.
type Part struct {
	ID     ids.ID
	Matter ids.ID
	Kind   PartKind
	// Agency wrote it; zero for a frontline worker.
	Agency ids.ID
	// Purpose for which it may be shown to those who were given a share; "" keeps
	// it with those who work on the file.
	Purpose Purpose
	// Private keeps it within the agency that wrote it.
	Private bool
	// Due and For put it on somebody's list of reminders: a date, and an account.
	// Done takes it off. For is zero for the owner of the matter.
	Due  time.Time
	For  ids.ID
	Done bool
	Made time.Time
	// Changed and By are of the last change.
	Changed time.Time
	By      ids.ID
	Etag    int64
	// Body is JSON of the type of Kind; a store seals it.
	Body []byte
}

// mostBody bounds the content of a part, in bytes; files have their own.
const mostBody = 256 << 10

// Encode puts content into a part. It fails on content larger than 256 kB.
func (p *Part) Encode(content any) error {
	b, err := json.Marshal(content)
	if err != nil {
		return err
	}
	if len(b) > mostBody {
		return fmt.Errorf("referral: %s of %d bytes is larger than %d", p.Kind, len(b), mostBody)
	}
	p.Body = b
	return nil
}

// Decode reads the content of a part.
func (p *Part) Decode(content any) error {
	if err := json.Unmarshal(p.Body, content); err != nil {
		return fmt.Errorf("referral: a %s cannot be read: %w", p.Kind, err)
	}
	return nil
}

// File is a matter with its parts, those that the reader may see.
type File struct {
	Matter
	Parts []*Part // in the order they were made
	// Hidden is how many parts there are that the reader may not see.
	Hidden int
}

// Of lists the parts of a kind.
func (f *File) Of(kind PartKind) []*Part {
	var of []*Part
	for _, p := range f.Parts {
		if p.Kind == kind {
			of = append(of, p)
		}
	}
	return of
}

// Part finds one by its ID, or nil.
func (f *File) Part(id ids.ID) *Part {
	for _, p := range f.Parts {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// Only returns the part of a kind of which there is one, or nil.
func (f *File) Only(kind PartKind) *Part {
	for _, p := range f.Parts {
		if p.Kind == kind {
			return p
		}
	}
	return nil
}

// Visible says whether somebody of a standing sees a part. It decides parts alone:
// whether they may open the file at all is for trust/access.
func (p *Part) Visible(s Standing) bool {
	if p.Private {
		return s.Of != 0 && s.Of == p.Agency
	}
	if s.Assigned || s.Glass || s.Of != 0 && s.Of == p.Agency {
		return true
	}
	for _, purpose := range s.Shared {
		if p.Purpose != "" && p.Purpose == purpose {
			return true
		}
	}
	return false
}

// Show keeps the parts that somebody of a standing sees. whole is for the desk of a
// concern, which sees all that is not private to another agency.
func (f *File) Show(s Standing, whole bool) {
	kept := make([]*Part, 0, len(f.Parts))
	for _, p := range f.Parts {
		if p.Visible(s) || whole && !p.Private {
			kept = append(kept, p)
		}
	}
	f.Hidden += len(f.Parts) - len(kept)
	f.Parts = kept
}
