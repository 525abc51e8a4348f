package example

import "waymark/stats/table"

// question numbers the columns of one stored code a person, in the order of
// the questionnaire.
type question int

const (
	qPoint question = iota
	qRoute
	qPrevious
	qConsent
	qSex
	qNationality
	qCountryDeparture
	qEducation
	qEmploymentBefore
	qMaritalStatus
	qTravelling
	qTransitTime
	qAbroadOneYear
	qCost
	qReason
	qDestination
	qUnpaidWork
	qUnpaidWorkWhere
	qForcedWork
	qForcedWorkWhere
	qJobOffer
	qJobOfferWhere
	qMarriageOffer
	qMarriageOfferWhere
	qHeld
	qHeldWhere
	qOrgansAwareness
	qOrgansAwarenessWhere
	qFamilyAny
	qReferralGiven
	questions // their number
)

// coded gives each question's name and choice list.
var coded = [questions]struct{ name, list string }{
	{"point", "point"}, {"route", "route"}, {"previous", "yes_no"}, {"consent", "yes_no"},
	{"sex", "sex"}, {"nationality", "country"}, {"country_departure", "country"}, {"education", "education"},
	{"employment_before", "employment"}, {"marital_status", "marital"}, {"travelling", "travelling"},
	{"transit_time", "transit_time"}, {"abroad_one_year", "yes_no"}, {"cost", "cost"}, {"reason", "reason"},
	{"destination", "country"},
	{"unpaid_work", "yes_no"}, {"unpaid_work_where", "country"}, {"forced_work", "yes_no"}, {"forced_work_where", "country"},
	{"job_offer", "yes_no"}, {"job_offer_where", "country"}, {"marriage_offer", "yes_no"}, {"marriage_offer_where", "country"},
	{"held", "yes_no"}, {"held_where", "country"}, {"organs_awareness", "yes_no"}, {"organs_awareness_where", "country"},
	{"family_any", "yes_no"}, {"referral_given", "yes_no"},
}

// own are the five questions on a person's own experience, in order. The
// question on the place follows each.
var own = [5]question{qUnpaidWork, qForcedWork, qJobOffer, qMarriageOffer, qHeld}

// state is what a person's answers to the five own questions come to.
type state uint8

const (
	none    state = iota // five times no
	some                 // at least one yes
	unclear              // no yes, and at least one without an answer
)

// stop is where an interview ended early.
type stop uint8

const (
	complete stop = iota
	atConsent
	atAge
)

// noBand stands for a time in transit that is not known.
const noBand = -1

// person is one made-up interview. It holds no pointers, so that a large round
// costs the garbage collector nothing.
type person struct {
	route     int // index in maker.routes
	state     state
	band      int   // time in transit: index of the level, or noBand
	abroad    bool  // one year or more abroad
	yes       uint8 // bit i: a yes to own[i]
	silent    uint8 // bit i: no answer to own[i]
	family    bool  // family_any is yes
	familyOut bool  // family_any was asked and not answered
	organs    int8  // 1 yes, 0 no, -1 no answer
	slot      slot  // nationality and month
	code      [questions]uint8
	set       countries // transit countries
	setOut    bool      // the set has no answer
	age       int       // years; -1 not given
	gone      int       // days since departure; -1 not given
	ended     stop
	repeat    bool
	// What is left without an answer.
	abroadOut, previousOut, consentOut, ageOut bool

	enumerator int   // number, from 1
	day        int   // days since 1970-01-01
	start      int64 // seconds since 1970-01-01T00:00:00Z
	seconds    int   // length of the interview
	offset     int16 // minutes from UTC
	north      int   // latitude, hundredths of a degree
	east       int   // longitude, hundredths of a degree
	sent       int64 // seconds since 1970-01-01T00:00:00Z
	uuid       [2]uint64
}

// refuse makes a reason for a missing answer: half refused, half did not know.
func refuse(d dice) uint8 {
	if d.below(2) == 0 {
		return uint8(table.Refused)
	}
	return uint8(table.DontKnow)
}
