package instrument

import "strings"

// idColumns are what servers call the unique id of an interview, best first.
// KoboToolbox writes _uuid and _id, ODK Central KEY and meta-instanceID (CSV)
// or __id (OData), ODK Briefcase and Aggregate KEY and meta-instanceID.
var idColumns = []string{"_uuid", "meta/instanceid", "meta-instanceid", "meta.instanceid", "meta:instanceid", "instanceid", "key", "__id", "_id"}

// submittedColumns are what servers call the instant of arrival, best first.
var submittedColumns = []string{"_submission_time", "submissiondate", "__system/submissiondate", "__system.submissiondate"}

// serverColumns are other columns that servers and phones add. Lower case.
var serverColumns = map[string]bool{
	"submitterid": true, "submittername": true, "attachmentspresent": true, "attachmentsexpected": true, "status": true,
	"reviewstate": true, "deviceid": true, "edits": true, "formversion": true, "parent_key": true, "formhub/uuid": true,
	"username": true, "phonenumber": true, "subscriberid": true, "simserial": true, "simid": true, "devicephonenum": true,
	"audit": true, "audit_url": true, "start-geopoint": true, "isvalidated": true, "instancename": true, "rootuuid": true,
	"deprecatedid": true, "formdef_version": true, "starttime": true, "endtime": true,
}

// serverPrefixes begin the paths of what servers add, in lower case.
var serverPrefixes = []string{"meta/", "meta-", "meta.", "meta:", "__system", "formhub/", "set-of-"}

// serverColumn says whether a column that is no question was added by a
// server. A question's name may look so too; this is asked last.
func serverColumn(header string) bool {
	h := strings.ToLower(header)
	if strings.HasPrefix(h[strings.LastIndexByte(h, '/')+1:], "_") || serverColumns[h] {
		return true
	}
	for _, p := range serverPrefixes {
		if strings.HasPrefix(h, p) {
			return true
		}
	}
	return false
}

// noteColumn says whether a column that is no question is the empty column
// that some exports keep for a note.
func noteColumn(header string) bool { return strings.HasSuffix(strings.ToLower(header), "_note") }

// serverFile says whether a file comes from a server of interviews: only then
// are plain words such as Status or KEY taken for a server's columns. Headers
// are in lower case.
func serverFile(headers map[string]bool) bool {
	for _, mark := range []string{"_uuid", "__id", "meta-instanceid", "meta/instanceid", "meta:instanceid", "_submission_time", "submissiondate", "__system/submissiondate"} {
		if headers[mark] {
			return true
		}
	}
	return false
}

// positionParts are the parts into which exports divide a position, in lower
// case; only the first two are read.
var positionParts = map[string]string{
	"latitude": "latitude", "longitude": "longitude", "altitude": "", "accuracy": "", "precision": "",
}

// Latitude and Longitude name the columns of a geopoint question whose
// position an export has divided: numbers in degrees, WGS 84.
func Latitude(question string) string  { return question + "_latitude" }
func Longitude(question string) string { return question + "_longitude" }
