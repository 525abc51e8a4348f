package rule

import (
	"slices"

	"waymark/internal/fault"
)

// Cite says where a rule comes from. Authority is a key of the pathway's
// sources or the name of a body; neither it nor Section may be empty.
type Cite struct {
	Authority string `rule:"authority,required" json:"authority"`
	Section   string `rule:"section,required" json:"section"`
	URL       string `rule:"url" json:"url,omitempty"`
}

// Rule is what every rule has.
type Rule struct {
	ID   string `rule:"id,required" json:"id"`
	Cite Cite   `rule:"cite,required" json:"cite"`
	// From is the first day in force. No day means that it is not known and
	// counts as always; the file says "unknown".
	From Date `rule:"from,required" json:"from"`
	// Until is the first day on which it is no longer in force, or no day.
	Until Date `rule:"until" json:"until"`
	// Verified is the day on which someone compared the rule with its source,
	// or no day: not verified, which pages show.
	Verified Date `rule:"verified" json:"verified"`
	// Nations that the rule is for; empty means all of the pathway's.
	Nations []string `rule:"nation" json:"nations,omitempty"`
	// Doubt says what is not certain about the rule, for pages.
	Doubt string `rule:"doubt" json:"doubt,omitempty"`

	At fault.Place `json:"-"`
}

// InForce says whether the rule applies on a day.
func (r *Rule) InForce(on Date) bool {
	return (r.From.IsZero() || !on.Before(r.From)) && (r.Until.IsZero() || on.Before(r.Until))
}

// For says whether the rule applies in a nation.
func (r *Rule) For(nation string) bool {
	return len(r.Nations) == 0 || slices.Contains(r.Nations, nation)
}

func (r *Rule) base() *Rule { return r }
