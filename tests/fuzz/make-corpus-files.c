/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and groups on the wire, texts, routers. What stands first is which it is. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "make-corpus-more.h"
#include "net/kith-dht-state.h"
#include "proto/kith-body.h"
#include "proto/kith-file-list.h"
#include "proto/kith-group-body.h"
#include "proto/kith-group-invitation.h"
#include "proto/kith-identity.h"
#include "proto/kith-rekey.h"

static KithCorpusPut put;

static void
put_kind (const char *target, const char *name, guint8 kind, gconstpointer data, gsize len)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();

  g_byte_array_append (input, &kind, 1);
  g_byte_array_append (input, data, (guint) len);
  put (target, name, input->data, input->len);
}

/* @bytes: (transfer full) */
static void
put_bytes (const char *name, guint8 kind, GBytes *bytes)
{
  put_kind ("files", name, kind, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_bytes_unref (bytes);
}

/* @body: (transfer full) */
static void
put_body (const char *name, guint8 kind, GByteArray *body)
{
  put_bytes (name, kind, g_byte_array_free_to_bytes (body));
}

/* --- Files ---------------------------------------------------------------------------------- */

static void
put_list (void)
{
  static const char *const paths[] = { "a.txt", "b/c.txt", "b/../d", "b\\e", "CON", "b/c?.txt", "B/C*.txt" };
  g_autoptr (KithFileList) list = kith_file_list_new ();
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GByteArray) input = g_byte_array_new ();
  guint64 total;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    kith_file_list_add (list, paths[i], i * 100, FALSE);
  kith_file_list_add (list, "empty", 0, TRUE);
  packed = kith_file_list_pack (list);
  total = GUINT64_TO_BE (kith_file_list_place (list, g_bytes_get_size (packed)));
  g_byte_array_append (input, (const guint8 *) &total, sizeof total);
  g_byte_array_append (input, g_bytes_get_data (packed, NULL), (guint) g_bytes_get_size (packed));
  put_kind ("files", "list", 2, input->data, input->len);
}

static void
put_files (void)
{
  KithBodyFileGet get = { .request = 7, .what = KITH_FILE_CHUNKS, .from = 3, .count = 16, .has_offer = TRUE };
  KithBodyFileState state = { .status = KITH_FILE_READY, .has_offer = TRUE };
  KithGroupFiles files = { .n_wanted = 2, .n_here = 1 };
  KithRekey1 rekey1 = { .n = 2 };
  KithRekey2 rekey2 = { KITH_REKEY_OK, { 4 } };
  guint8 bytes[256] = { 0, 0, 0, 0, 0, 5 };
  GByteArray *part = kith_body_file_part_new (7, 3, 2 * KITH_HASH_BYTES);

  put_body ("get", 0, kith_body_file_get_pack (&get));
  put_body ("state", 1, kith_body_file_state_pack (&state));
  put_list ();
  memset (part->data + KITH_FILE_PART_HEAD_BYTES, 9, 2 * KITH_HASH_BYTES);
  put_body ("part", 17, part);
  put_kind ("files", "leaves", 3, bytes, 8 + 6 * KITH_HASH_BYTES);
  put_bytes ("wanted", 4, kith_group_files_pack (&files));
  kith_rekey1_encode (&rekey1, bytes);
  put_kind ("files", "rekey1", 5, bytes, KITH_REKEY1_BYTES);
  put_kind ("files", "rekey2", 6, bytes, kith_rekey2_encode (&rekey2, bytes));
  rekey2.status = KITH_REKEY_NO_ROOT;
  put_kind ("files", "no-root", 6, bytes, kith_rekey2_encode (&rekey2, bytes));
  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) (i * 37);
  put_kind ("files", "passphrase", 7, bytes, 192);
}

/* --- Groups --------------------------------------------------------------------------------- */

static void
put_vectors (void)
{
  KithGroupRow row = { .from = 1, .to = 9, .fork = 3 };
  KithGroupVector vector = { .full = TRUE };
  KithGroupRange range = { .from = 1, .to = 9 };
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof row);
  g_autoptr (GArray) ranges = g_array_new (FALSE, TRUE, sizeof range);

  g_array_append_val (rows, row);
  row.author[0] = 1;
  g_array_append_val (rows, row);
  vector.rows = rows;
  put_bytes ("vector", 10, kith_group_vector_pack (&vector));
  g_array_append_val (ranges, range);
  put_bytes ("ranges", 13, kith_group_want_pack (ranges));
}

static void
put_groups (void)
{
  KithGroupPictureBody picture = { .picture = g_bytes_new_static ("GIF89a", 6) };
  KithGroupPlace place = { .height = 4 };
  g_autoptr (GArray) locator = g_array_new (FALSE, TRUE, sizeof place);
  KithGroupHello hello = { .has_head = TRUE, .height = 5, .secret_height = 3, .locator = locator };
  KithGroupEndorsement endorsement = { .height = 3 };
  KithGroupSecretBody secret = { .height = 5 };
  KithGroupInvitation invitation = { .name = (char *) "Ace", .has_admin = TRUE, .has_token = TRUE, .n_members = 3 };
  KithGroupJoin join = { .time_ms = 1767225600000, .name = (char *) "Ann", .text = (char *) "Hello" };
  const guint8 author[KITH_IDENTITY_SEED_BYTES] = { 3 };
  const guint8 identity[KITH_IDENTITY_SEED_BYTES] = { 4 };
  guint8 out[KITH_LIMIT_GROUP_INVITATION_BYTES];
  g_autofree char *text = NULL;

  g_array_append_val (locator, place);
  put_bytes ("picture", 8, kith_group_picture_pack (&picture));
  g_bytes_unref (picture.picture);
  put_bytes ("hello", 9, kith_group_hello_pack (&hello));
  put_vectors ();
  put_bytes ("endorsement", 11, kith_group_endorse_pack (&endorsement));
  put_bytes ("secret", 12, kith_group_secret_pack (&secret));
  kith_identity_get_public (identity, invitation.admin);
  text = kith_group_invitation_encode (&invitation);
  put_kind ("files", "invitation", 14, out, kith_group_invitation_decode_text (text, out));
  kith_identity_get_public (identity, join.identity);
  kith_identity_get_public (author, join.author);
  put_bytes ("answer", 18, kith_group_answer_pack (KITH_GROUP_ANSWER_DENIED));
  put_bytes ("join", 15, kith_group_join_seal (&join, author, identity));
}

/* --- Texts ---------------------------------------------------------------------------------- */

static void
put_texts (void)
{
  static const struct
  {
    const char *name;
    guint8      kind;
    const char *text;
  } texts[] = {
    { "name", 0, "Zoe\xcc\x88  \xe2\x80\xae""Ben\xe2\x80\x8d" },
    { "request", 1, "Hello,\nit is me \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd" },
    { "file", 2, "../../etc/CON.txt. " },
    { "path", 2, "a/b\xcc\x81/c:d/nul" },
    { "search", 3, "hel \"it is\" OR NEAR\nHello there, it is \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e" },
    { "folded", 3, "strasse\nDie Stra\xc3\x9f""e" },
    { "command", 4, "/send \"Ann Lee\" hello \\\" there" },
    { "mention", 4, "@ann hello" },
    { "days", 4, "30" },
    { "v4", 5, "192.0.2.7" },
    { "v6", 5, "2001:db8::7" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    put_kind ("text", texts[i].name, texts[i].kind, texts[i].text, strlen (texts[i].text));
}

/* Two bytes: what part of it was found. */
static void
put_shown (void)
{
  static const char *const texts[] = {
    "\x40\x40*bold* _it_ ~no~ `code` https://example.org/a_(b)?q=1.",
    "\x10\xf0```\nblock *b*\n```\n> quoted _text_ www.example.org",
    "\x20\x20@Ann Lee and @J\xc3\xbcrgen, http://b\xc3\xbc""cher.example:80/",
    "\x01\x01[2001:db8::7]:5484", "\x01\x01" "192.0.2.7:5484", "\x50\x10teh recieve d'accord MSG 12 /cmd",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *name = g_strdup_printf ("text-%u", i);

      put ("shown", name, texts[i], strlen (texts[i]));
    }
}

/* What is typed, or JSON. */
static void
put_lines (void)
{
  static const char *const lines[] = {
    "J{\"cmd\":\"send\",\"id\":7,\"to\":\"Ann\",\"text\":\"H\\u00e9llo \\ud83d\\udc4d\"}",
    "J{\"a\":[1,-2.5e3,null,true,{\"b\":\"\\n\"}]}",
    "J{\"cmd\":\"history\",\"with\":\"Ann\",\"limit\":2}\n{\"cmd\":\"search\",\"text\":\"hello\"}",
    "J{\"cmd\":\"group-new\",\"name\":\"Ace\"}\n{\"cmd\":\"send\",\"to\":\"Ace\",\"text\":\"x\"}\n"
    "{\"cmd\":\"members\",\"group\":\"Ace\"}\n{\"cmd\":\"group-topic\",\"group\":\"Ace\",\"topic\":\"y\"}",
    "J{\"cmd\":\"edit\",\"message\":\"02000000000000000000000000000000\",\"text\":\"x\"}\n"
    "{\"cmd\":\"delete\",\"message\":\"01000000000000000000000000000000\",\"where\":\"here\"}",
    "J{\"cmd\":\"invite\",\"note\":\"n\",\"expires_s\":60}\n{\"cmd\":\"invites\"}\n{\"cmd\":\"privacy\","
    "\"setting\":\"typing\",\"value\":\"off\"}",
    "K/chat ann\nhello\n/react 1 \xf0\x9f\x91\x8d\n/history ann 3\n/alias ann \"A B\"",
    "K@ann hello\n/timer ann 60\n/mute ann\n/safety ann\n/contacts name\n/blocked",
    "K/from ann 2026-01-01 2\n/tell \"ann\" hi\n/broadcasts\n/passphrase new\n/reach contacts\n/status\n/help",
    "K/group-new Ace ann\n/group-invite Ace\n/groups\n/who-admin Ace\n/mentions Ace only\n/leave Ace",
    "K/note ann x\n/favourite ann\n/block ann\n/unblock ann\n/verify ann\n/receipts 1\n/unread ann\n/clear ann",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *name = g_strdup_printf ("lines-%u", i);

      put ("json", name, lines[i], strlen (lines[i]));
    }
}

/* --- Surroundings --------------------------------------------------------------------------- */

static void
put_routers (void)
{
  static const char routes4[]
      = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
        "eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
        "eth0\t0002A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";
  static const char routes6[]
      = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
        "fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n";
  /* A map with a version and one node, as OpenDHT writes it. */
  static const guint8 state[]
      = "\x82\xa1v\x01\xa5nodes\x91\x82\xa2id\xc4\x02\x11\x11\xa4""addr\xc4\x10\x02\x00\x10\x7e\xc0\x00\x02\x01"
        "\0\0\0\0\0\0\0";
  const KithEndpoint nodes[] = {
    { .family = 4, .address = { 192, 0, 2, 7 }, .port = 4222 },
    { .family = 6, .address = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, .port = 4223 },
  };
  g_autoptr (GBytes) saved = kith_dht_state_save (nodes, G_N_ELEMENTS (nodes));

  put_kind ("router", "address", 0, "198.51.100.7", 12);
  put_kind ("router", "url", 0, "http://192.168.2.1:49000/igdupnp/control/WANIPConn1", 51);
  put_kind ("router", "routes4", 1, routes4, sizeof routes4 - 1);
  put_kind ("router", "routes6", 1, routes6, sizeof routes6 - 1);
  put_kind ("router", "state", 2, state, sizeof state);
  put_kind ("router", "saved", 3, g_bytes_get_data (saved, NULL), g_bytes_get_size (saved));
}

void
kith_corpus_put_files (KithCorpusPut function)
{
  put = function;
  put_files ();
  put_groups ();
  put_texts ();
  put_shown ();
  put_lines ();
  put_routers ();
}
