package referral

import (
	"time"

	"waymark/internal/ids"
)

// Network is the local pathway: agencies that work together under the rules of one
// nation. Its ID is that of its programme, where its people have their roles.
type Network struct {
	Programme ids.ID
	// Pathway is a folder of rules, "uk"; Nation one of its nations. Both Required.
	Pathway, Nation string
	// Version of the rules in force here, whose text the store keeps.
	Version string
	// AcceptWithin is how many working days a partner has to accept. Default 2.
	AcceptWithin int
	Etag         int64
}

// Agency is a member of a network.
type Agency struct {
	ID      ids.ID
	Network ids.ID
	Name    string // of the organisation. Required
	// Kind is an organisation of the rules: "local-authority", "fire-and-rescue".
	// Whether it may refer and whether it must notify follows from it. Required.
	Kind string
	// Desk says that concerns come here: it has a single point of contact.
	Desk bool
	// Contact and Deputy are accounts. A concern is the contact's until the contact
	// is away or DeputyAfter minutes of open hours have gone by; then also the
	// deputy's. Contact is Required for a desk.
	Contact, Deputy ids.ID
	ContactAway     bool
	DeputyAfter     int // minutes of open hours. Default 60
	// SeeWithin is how soon a concern is looked at, in minutes of open hours.
	// Default 120.
	SeeWithin int
	// Hours are when the desk is open.
	Hours  Hours
	Closed bool // has left the network; keeps its place in old files
	Etag   int64
}

// Hours are when a desk is open, on working days of its nation or on all days.
type Hours struct {
	// From and To are minutes of the day in the nation's time zone. Default 9:00 to
	// 17:00. Equal ones are all day.
	From, To int
	// EveryDay also counts Saturdays, Sundays and holidays. Default false.
	EveryDay bool
}

// Member says to which agency of a network an account belongs. Nobody belongs to two
// in one network.
type Member struct {
	Account, Agency ids.ID
}

// Link lets frontline workers of an organisation hand in concerns without accounts.
// Its token is in the address that they keep; the store holds a digest of it.
type Link struct {
	ID      ids.ID
	Network ids.ID
	Desk    ids.ID // agency whose single point of contact gets the concerns. Required
	// Name is the organisation's, as its workers know it. Required.
	Name string
	// Kind of organisation in the rules, for what its workers are told. Required.
	Kind    string
	Lang    string // of the page; a worker may change it. Default "en"
	Made    time.Time
	Revoked time.Time // zero while it works
}
