package store

import "slices"

// Tables are those whose rows a backup holds, each behind those that it refers
// to. A test compares them with what the database has.
var Tables = []string{
	"programme", "round", "round_point", "round_period", "round_target",
	"form", "form_version", "form_file", "enumerator", "enumerator_point",
	"submission", "instance", "revision", "attachment", "remark", "checked", "finding", "mark", "tally", "margin",
	"deletion", "account", "account_member", "account_passkey",
	"referral_network", "referral_agency", "referral_member", "referral_link", "referral_rules",
	"matter", "matter_tally", "matter_part", "matter_grant", "matter_code", "matter_message", "matter_content",
	"audit_entry", "audit_head", "audit_checkpoint",
}

// leftOut are tables that a backup does not hold, and why: what ended since must
// not come back, and what is counted of guesses is of its hour.
var leftOut = []string{"account_session", "account_invitation", "account_failure"}

// addresses are the columns that name contents of files.
var addresses = map[string]string{"attachment": "address", "form_file": "address", "matter_content": "address"}

// isTable says whether a name that came from outside is one of Tables.
func isTable(name string) bool { return slices.Contains(Tables, name) }
