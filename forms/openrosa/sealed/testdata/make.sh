#!/bin/sh
# Makes the vectors of sealed_test.go with OpenSSL alone, from the ODK XForms
# specification, "Encryption". Synthetic contents. Run in this folder; last run
# with OpenSSL 3.0.19. The key is for these tests only and guards nothing.
set -eu
instance="uuid:3f0c3a52-2f5b-4bb0-8f0e-9f6f3a1f6c11"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/key.pem" 2>/dev/null
openssl pkcs8 -topk8 -nocrypt -in "$work/key.pem" -outform DER -out key.der
openssl pkey -in "$work/key.pem" -pubout -out "$work/public.pem"
openssl rand 32 >"$work/key"
hexkey=$(od -An -tx1 -v "$work/key" | tr -d ' \n')

# wrap encrypts standard input by RSA-OAEP: SHA-256, and the mask's hash given.
wrap() {
  openssl pkeyutl -encrypt -pubin -inkey "$work/public.pem" -pkeyopt rsa_padding_mode:oaep \
    -pkeyopt rsa_oaep_md:sha256 -pkeyopt "rsa_mgf1_md:$1" | openssl base64 -A
}

# The plain files: a document, one of exactly two blocks, one of more than 32 KiB,
# and an empty one.
printf '<data id="sealed" version="7"><note>synthetic \303\251</note><meta><instanceID>%s</instanceID></meta></data>' "$instance" >submission.xml
printf '0123456789abcdef0123456789ABCDEF' >blocks.bin
openssl rand 40001 >noise.jpg
: >empty.m4a

seed=$( (printf %s "$instance"; cat "$work/key") | openssl md5 -r | cut -c1-32)

# enc encrypts file $1 with byte $2 (from 0) of the seed counted up.
enc() {
  at=$(($2 * 2))
  byte=$(printf %02x $(((0x$(printf %s "$seed" | cut -c$((at + 1))-$((at + 2))) + 1) % 256)))
  seed=$(printf %s "$seed" | awk -v a="$at" -v b="$byte" '{print substr($0, 1, a) b substr($0, a + 3)}')
  size=$(wc -c <"$1")
  pad=$((16 - size % 16))
  cp "$1" "$work/padded"
  i=0
  while [ $i -lt $pad ]; do printf "\\$(printf %03o $pad)" >>"$work/padded"; i=$((i + 1)); done
  openssl enc -aes-256-cfb -K "$hexkey" -iv "$seed" -in "$work/padded" -out "$1.enc"
}

# Every hash of the mask has its manifest: Bouncy Castle masks with SHA-256, some
# providers of Android with SHA-1.
enc blocks.bin 0
enc noise.jpg 1
enc empty.m4a 2
enc submission.xml 3
for mask in sha256 sha1; do
  wrapped=$(wrap $mask <"$work/key")
  {
    printf '%s\n' sealed 7 "$wrapped" "$instance"
    for f in blocks.bin noise.jpg empty.m4a submission.xml; do printf '%s::%s\n' "$f" "$(openssl md5 -r "$f" | cut -c1-32)"; done
  } >"$work/signed"
  signature=$(openssl md5 -binary "$work/signed" | wrap $mask)
  cat >"manifest-$mask.xml" <<XML
<data xmlns="http://www.opendatakit.org/xforms/encrypted" id="sealed" version="7" encrypted="yes"><base64EncryptedKey>$wrapped</base64EncryptedKey><orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>$instance</orx:instanceID></orx:meta>
<media><file>blocks.bin.enc</file></media>
<media><file>noise.jpg.enc</file></media>
<media><file>empty.m4a.enc</file></media>
<encryptedXmlFile>submission.xml.enc</encryptedXmlFile><base64EncryptedElementSignature>$signature</base64EncryptedElementSignature></data>
XML
done
