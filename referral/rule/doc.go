// Package rule holds pathways: what one country or authority asks, advises,
// forbids and counts when someone may be a victim of trafficking, as versioned
// data with a citation for every rule.
//
// A pathway is a folder of strict YAML files: two forms (the concern of a
// frontline worker, the national referral), indicators, advice, organisations,
// outcomes with what each may carry, clocks, retention and holidays. Another
// country is another folder, not other code. Load reports every fault at once
// and refuses a pathway whose protecting outcome could carry what identifies a
// person, or could be reached by someone who must never end there.
//
// It knows nothing of cases, people, storage or pages, and does no arithmetic
// of time beyond the calendar: that is referral/clock.
package rule
