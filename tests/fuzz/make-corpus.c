/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-corpus FOLDER: one good example of each thing that the fuzz targets parse. The same every time. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "make-corpus-more.h"
#include "net/kith-pcp.h"
#include "proto/kith-beacon.h"
#include "proto/kith-body.h"
#include "proto/kith-certificate.h"
#include "proto/kith-handshake-payload.h"
#include "proto/kith-identity.h"
#include "proto/kith-preamble.h"
#include "proto/kith-record.h"

static const char *root;
static const KithEndpoint home = { .family = 4, .address = { 192, 0, 2, 7 }, .port = 5484 };
static const KithEndpoint away = { .family = 6, .address = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, .port = 5484 };

static void
put (const char *target, const char *name, gconstpointer data, gsize len)
{
  g_autofree char *folder = g_build_filename (root, target, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0755);
  if (!g_file_set_contents (path, data, (gssize) len, &error))
    g_error ("%s", error->message);
}

static void
put_text (const char *target, const char *name, const char *text)
{
  put (target, name, text, strlen (text));
}

/* @body: (transfer full) */
static void
put_body (const char *name, guint8 which, GByteArray *body)
{
  g_byte_array_prepend (body, &which, 1);
  put ("body", name, body->data, body->len);
  g_byte_array_unref (body);
}

/* --- Bodies --------------------------------------------------------------------------------- */

static void
put_msg (const char *name, KithContent content, const char *text)
{
  KithBodyMsg msg = { .seq = 7, .hlc = 1ull << 60, .content = content, .text = (char *) text };

  memset (msg.id.bytes, 1, sizeof msg.id.bytes);
  memset (msg.target.bytes, 2, sizeof msg.target.bytes);
  msg.has_target = content != KITH_CONTENT_TIMER;
  msg.ttl_s = 3600;
  put_body (name, 12, kith_body_msg_pack (&msg));
}

static void
put_open (void)
{
  KithBodyOpen open = { .purpose = KITH_PURPOSE_INVITE, .name = (char *) "Ann", .text = (char *) "Hello",
                        .dht_port = 5484, .hidden = TRUE };

  open.endpoints.items[open.endpoints.n++] = home;
  open.endpoints.items[open.endpoints.n++] = away;
  put_body ("open", 0, kith_body_open_pack (&open));
  put_body ("open-ok", 1, kith_body_open_ok_pack (&open));
  put_body ("accept", 2, kith_body_accept_pack (&open));
  put_body ("endpoints", 9, kith_body_endpoints_pack (&open.endpoints, 5484));
}

static void
put_bodies (void)
{
  const guint8 r[KITH_PAIR_BYTES] = { 9 };
  KithBodyDialBack dial_back = { .token = 5, .n_tries = 2, .seen = home };
  KithBodyResend resend = { 3, 9, TRUE };
  KithBodyAck ack = { .kind = KITH_ACK_READ, .n_ids = 2, .up_to_seq = 12 };
  KithBodySas sas = { .attempt = 77 };

  dial_back.tries[0] = (KithDialTry){ home, KITH_DIAL_REACHED };
  dial_back.tries[1] = (KithDialTry){ away, KITH_DIAL_TIMEOUT };
  put_open ();
  put_body ("profile", 3, kith_body_profile_pack ("Zo\u00eb"));
  put_body ("bye", 4, kith_body_bye_pack (KITH_BYE_GARBLED));
  put_body ("ping", 5, kith_body_ping_pack (42));
  put_body ("pair", 6, kith_body_pair_pack (r));
  put_body ("typing", 7, kith_body_typing_pack (TRUE));
  put_body ("presence", 8, kith_body_presence_pack (TRUE));
  put_body ("dial-back", 10, kith_body_dial_back_pack (&dial_back));
  put_body ("dial-back-result", 11, kith_body_dial_back_result_pack (&dial_back));
  put_msg ("text", KITH_CONTENT_TEXT, "Hello\nBen");
  put_msg ("edit", KITH_CONTENT_EDIT, "Hello Ben");
  put_msg ("delete", KITH_CONTENT_DELETE, NULL);
  put_msg ("reaction", KITH_CONTENT_REACTION, "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd");
  put_msg ("timer", KITH_CONTENT_TIMER, NULL);
  put_msg ("unknown", KITH_CONTENT_UNKNOWN, NULL);
  put_body ("resend", 13, kith_body_resend_pack (&resend));
  put_body ("ack", 14, kith_body_ack_pack (&ack));
  put_body ("sas-value", 15, kith_body_sas_pack (&sas));
  sas.outcome = KITH_SAS_DIFFERENT;
  put_body ("sas-outcome", 15, kith_body_sas_pack (&sas));
}

/* --- Frames --------------------------------------------------------------------------------- */

static void
put_frames (void)
{
  guint8 input[2 * (2 + 256)] = { 1, 0 };
  guint8 body[400] = { 8 };
  gsize offset = 0;
  gsize len = 2;

  len += kith_record_write (input + len, 256, KITH_RECORD_PING, 0, body, 10, &offset);
  offset = 0;
  kith_record_write (input + len, 258 - len, KITH_RECORD_MSG, 3, body, sizeof body, &offset);
  input[258] = 1;
  kith_record_write (input + 260, 256, KITH_RECORD_MSG, 3, body, sizeof body, &offset);
  put ("record", "fragments", input, sizeof input);
}

/* --- The rest ------------------------------------------------------------------------------- */

static void
put_texts (void)
{
  KithInvite invite = { .expiry_s = 1767225600, .n_endpoints = 2 };
  guint8 identity[KITH_IDENTITY_KEY_BYTES];
  const guint8 seed[KITH_IDENTITY_SEED_BYTES] = { 1 };
  g_autofree char *link = NULL;
  g_autofree char *id = NULL;
  g_autofree char *code = NULL;

  kith_identity_get_public (seed, identity);
  memcpy (invite.identity, identity, sizeof identity);
  memset (invite.reply_key, 4, sizeof invite.reply_key);
  memset (invite.secret, 5, sizeof invite.secret);
  invite.endpoints[0] = home;
  invite.endpoints[1] = away;
  link = kith_invite_encode (&invite);
  id = kith_id_string_encode (identity);
  code = kith_identity_code_encode (identity);
  put_text ("invite", "link", link);
  put_text ("invite", "id", id);
  put_text ("invite", "code", code);
}

static void
put_handshake (void)
{
  const guint8 seed[KITH_IDENTITY_SEED_BYTES] = { 1 };
  const guint8 random[KITH_PREAMBLE_BYTES] = { 6 };
  KithCertificate certificate = { .seq = 1, .not_before = 1767225600, .not_after = 1767225600 + 86400 };
  KithHandshakePayload payload = { .time_s = 1767225600 };
  KithPreamble preamble = { .mode = KITH_MODE_KNOCK };
  guint8 out[512];

  kith_identity_get_public (seed, certificate.identity);
  kith_certificate_encode (&certificate, seed, out);
  put ("certificate", "valid", out, KITH_CERTIFICATE_BYTES);
  memcpy (payload.certificate, out, KITH_CERTIFICATE_BYTES);
  kith_handshake_payload_encode (&payload, out, 256);
  put ("preamble", "payload", out, 256);
  kith_preamble_encode (&preamble, random, out);
  put ("preamble", "knock", out, KITH_PREAMBLE_BYTES);
  preamble.mode = KITH_MODE_PASSPHRASE;
  kith_preamble_encode (&preamble, random, out);
  put ("preamble", "passphrase", out, KITH_PREAMBLE_BYTES);
}

static void
put_datagrams (void)
{
  KithBeacon beacon = { .query = TRUE, .presents = TRUE, .port = 5484, .n_tags = 16, .name = "Ann" };
  /* As RFC 6887 has it: version, answer to MAP, result, lifetime, epoch, nonce, TCP, ports, address. */
  guint8 pcp[KITH_PCP_MAP_BYTES] = { 2, 0x81, 0, 0, 0, 0, 0x0e, 0x10, 0, 0, 0, 9 };
  guint8 out[KITH_BEACON_MAX_BYTES];

  put ("beacon", "presenting", out, kith_beacon_pack (&beacon, out));
  beacon.presents = FALSE;
  put ("beacon", "quiet", out, kith_beacon_pack (&beacon, out));
  pcp[36] = 6;
  pcp[40] = pcp[42] = 5484 >> 8;
  pcp[41] = pcp[43] = 5484 & 0xff;
  pcp[54] = pcp[55] = 0xff;
  pcp[56] = 198;
  put ("pcp", "mapped", pcp, sizeof pcp);
}

/* version, n, time, seq, caps, then family, address and port (protocol 7.1) */
static void
put_rendezvous (void)
{
  const guint8 text[] = { 1, 1, 0, 0, 0, 0, 0x69, 0x55, 0xb9, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0,
                          4, 192, 0, 2, 7, 0x15, 0x6c };

  put ("rendezvous", "one-endpoint", text, sizeof text);
}

/* What it is, in two bytes how long, and that: as fuzz-group.c reads it. */
static void
put_group (void)
{
  const guint8 entries[] = { 1, 0, 9,  2, 1, 0, 0, 0, 0, 0x18, 1, 0x61, 3, 0, 4, 0, 0, 0, 60,
                             1, 0, 9,  2, 2, 0, 0, 9, 0, 0x18, 1, 0x61, 1, 0, 6, 3, 3, 0, 1, 0, 0 };
  const guint8 name[] = { 2, 0, 6, 4, 0, 0x0a, 2, 0x68, 0x69, 2, 0, 6, 4, 0, 0x0a, 2, 0x68, 0x6f };
  const guint8 checkpoint[] = { 2, 0, 2, 8, 0, 3, 0, 4, 0, 0x20, 0, 0 };
  const guint8 vector[] = { 0x22, 0, 0, 0x23, 0, 0, 0x20, 0, 0, 0x28, 0, 0 };

  put ("group", "entries", entries, sizeof entries);
  put ("group", "name", name, sizeof name);
  put ("group", "checkpoint", checkpoint, sizeof checkpoint);
  put ("group", "empty-records", vector, sizeof vector);
}

int
main (int argc, char **argv)
{
  if (argc != 2 || sodium_init () < 0)
    return 2;

  root = argv[1];
  put_bodies ();
  put_frames ();
  put_texts ();
  put_handshake ();
  put_datagrams ();
  put_rendezvous ();
  put_group ();
  kith_corpus_put_wire (put);
  kith_corpus_put_files (put);
  kith_corpus_put_node (put);
  kith_corpus_put_people (put);
  kith_corpus_put_disk (put);
  return 0;
}
