/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10 and 14: the operations, entries and records of groups as bytes. */
#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "kith-test-hex.h"
#include "proto/kith-group-body.h"
#include "proto/kith-group-content.h"
#include "proto/kith-group-join.h"
#include "proto/kith-group-op.h"

#define TIME_MS 1767225600000

static guint8 seed[32];

/* --- Known answers --------------------------------------------------------------------------- */

static void
test_known_answers (void)
{
  static const guint8 body[] = { 0, 1, 0, 5, 'G', 'r', 'o', 'u', 'p' };
  static const guint8 none[32];
  guint8 gid[32];
  guint8 salt[16];
  KithGroupOpDraft create = { .type = KITH_GROUP_OP_CREATE, .time_ms = TIME_MS };
  g_autoptr (GBytes) op = kith_group_op_seal_raw (&create, body, sizeof body, seed);
  gsize len;
  const guint8 *data = g_bytes_get_data (op, &len);
  g_autoptr (KithGroupEntry) entry = NULL;
  KithGroupEntryDraft draft = { .kind = 2, .gid = gid, .seq = 1, .prev = none, .chain_head = gid };

  kith_hash (gid, "kith1 g-op", KITH_FIELDS (KITH_FIELD (data, len - 64)));
  test_assert_hex (gid, 32, "5a5d7e63073836de6bfa817dabf14d394edace771ebde6f7a4f4fb699a15380c");
  test_assert_hex (data + len - 64, 64,
                   "bcb5a81e128ce54b5608af845b814f54ed01b3cc832560111e9b1b25575511a02dd9f85a7ad99272211d5a"
                   "9158b5bdda477c19a2838e6a7b03b7a6c3585b680e");

  memset (salt, 0x66, sizeof salt);
  draft.hlc = (guint64) TIME_MS << 16;
  draft.content = (const guint8 *) "hello";
  draft.content_len = 5;
  draft.salt = salt;
  entry = kith_group_entry_seal (&draft, seed);
  test_assert_hex (entry->content_hash, 32,
                   "076582ede116daaa040c19d804adb961938b27858acc29d50441ff77d9ecbb1d");
  test_assert_hex (entry->id, 32, "b6a3b904f2c687923b2775a19f551564fd53ca939f817ede399212c83dfd8632");
  test_assert_hex (entry->signature, 64,
                   "4015cbdf6e4b2a09b9825d7c91dfb39f138713d0db7757ef6c06eae5028a66c19d716a301df9446886dd1b"
                   "3a0839132a7b5d5a81d21d42da3698e506118ac305");
  g_assert_true (kith_group_entry_verify (entry));
}

/* --- Operations ------------------------------------------------------------------------------ */

static KithGroupOpBody
full_body (void)
{
  KithGroupOpBody body = { .name = (char *) "Group", .policy = { 3, 14, 100 } };
  KithGroupVoice voice;
  KithGroupCut cut = { .seq = 9 };

  memset (body.author, 1, 32);
  memset (body.identity, 2, 32);
  body.history_from_ms = 5;
  body.cut.seq = 7;
  memset (body.cut.author, 3, 32);
  memset (body.cut.entry_id, 4, 32);
  memset (body.acceptance, 5, 64);
  memset (body.state_hash, 6, 32);
  body.pin_height = 8;
  memset (body.pin_id, 7, 32);
  body.has_secret = TRUE;
  memset (body.secret_hash, 8, 32);
  body.has_proof = TRUE;
  memset (body.proof, 9, 64);
  memset (&voice, 10, sizeof voice);
  body.voices = g_array_new (FALSE, FALSE, sizeof voice);
  g_array_append_val (body.voices, voice);
  memset (cut.author, 11, 32);
  memset (cut.entry_id, 12, 32);
  body.removals = g_array_new (FALSE, FALSE, sizeof cut);
  g_array_append_val (body.removals, cut);
  return body;
}

static void
clear_full (KithGroupOpBody *body)
{
  g_array_unref (body->voices);
  g_array_unref (body->removals);
}

static KithGroupOp *
make_op (KithGroupOpType type)
{
  KithGroupOpBody body = full_body ();
  guint8 id[32];
  KithGroupOpDraft draft = { .type = type, .time_ms = TIME_MS };
  KithGroupOp *op;

  memset (id, 0x21, sizeof id);
  if (type != KITH_GROUP_OP_CREATE)
    {
      draft.gid = draft.prev = id;
      draft.height = 4;
    }
  op = kith_group_op_seal (&draft, &body, seed);
  clear_full (&body);
  return op;
}

static void
test_ops (void)
{
  for (guint type = KITH_GROUP_OP_CREATE; type <= KITH_GROUP_OP_REKEY; type++)
    {
      g_autoptr (KithGroupOp) op = make_op ((KithGroupOpType) type);

      g_assert_nonnull (op);
      g_assert_cmpuint (op->type, ==, type);
      g_assert_true (kith_group_op_verify (op));
      if (type == KITH_GROUP_OP_CLAIM)
        {
          g_assert_cmpuint (op->body.voices->len, ==, 1);
          g_assert_cmpuint (g_array_index (op->body.removals, KithGroupCut, 0).seq, ==, 9);
          g_assert_true (op->body.has_proof);
        }
      if (type == KITH_GROUP_OP_ADD)
        g_assert_cmpuint (op->body.pin_height, ==, 8);
    }
}

/* Every length that is too short, and every bit of it: never an operation that verifies. */
static void
test_broken_ops (void)
{
  for (guint type = KITH_GROUP_OP_CREATE; type <= KITH_GROUP_OP_REKEY; type++)
    {
      g_autoptr (KithGroupOp) op = make_op ((KithGroupOpType) type);
      gsize len;
      const guint8 *data = g_bytes_get_data (op->bytes, &len);
      g_autofree guint8 *copy = g_memdup2 (data, len);

      for (gsize i = 0; i < len; i++)
        {
          g_autoptr (GBytes) cut = g_bytes_new (data, i);

          g_assert_null (kith_group_op_parse (cut));
        }
      for (gsize bit = 0; bit < len * 8; bit += 3)
        {
          g_autoptr (GBytes) bytes = NULL;
          g_autoptr (KithGroupOp) broken = NULL;

          copy[bit / 8] ^= (guint8) (1 << bit % 8);
          bytes = g_bytes_new (copy, len);
          broken = kith_group_op_parse (bytes);
          g_assert_true (broken == NULL || !kith_group_op_verify (broken));
          copy[bit / 8] ^= (guint8) (1 << bit % 8);
        }
    }
}

/* A body that lacks what its operation needs. */
static void
test_poor_bodies (void)
{
  static const struct
  {
    KithGroupOpType type;
    gboolean        alone; /* may be empty */
  } rows[] = {
    { KITH_GROUP_OP_CREATE, FALSE }, { KITH_GROUP_OP_ADD, FALSE },
    { KITH_GROUP_OP_KICK, FALSE }, { KITH_GROUP_OP_RENAME, FALSE },
    { KITH_GROUP_OP_POLICY, FALSE }, { KITH_GROUP_OP_TRANSFER, FALSE },
    { KITH_GROUP_OP_LEFT, FALSE }, { KITH_GROUP_OP_CHECKPOINT, FALSE },
    { KITH_GROUP_OP_CLAIM, TRUE }, { KITH_GROUP_OP_REKEY, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      KithGroupOpBody body;

      g_assert_cmpint (kith_group_op_body_unpack (&body, rows[i].type, NULL, 0), ==, rows[i].alone);
      kith_group_op_body_clear (&body);
      g_assert_false (kith_group_op_body_unpack (&body, rows[i].type, (const guint8 *) "\xff", 1));
    }
}

/* --- Entries and records --------------------------------------------------------------------- */

static KithGroupEntry *
make_entry (guint64 seq, const char *text)
{
  static const guint8 id[32] = { 1 };
  static const guint8 none[32];
  guint8 salt[16] = { 2 };
  KithGroupEntryDraft draft = {
    .kind = KITH_GROUP_ENTRY_MESSAGE, .gid = id, .seq = seq, .prev = seq == 1 ? none : id,
    .chain_head = id, .hlc = seq, .content = (const guint8 *) text, .content_len = strlen (text),
    .salt = salt,
  };

  return kith_group_entry_seal (&draft, seed);
}

static void
test_broken_entries (void)
{
  g_autoptr (KithGroupEntry) entry = make_entry (1, "hello");
  guint8 header[KITH_GROUP_HEADER_BYTES];

  g_assert_null (kith_group_entry_parse (entry->header, sizeof header - 1, entry->signature, 64));
  g_assert_null (kith_group_entry_parse (entry->header, sizeof header, entry->signature, 63));
  for (gsize bit = 0; bit < sizeof header * 8; bit++)
    {
      g_autoptr (KithGroupEntry) broken = NULL;

      memcpy (header, entry->header, sizeof header);
      header[bit / 8] ^= (guint8) (1 << bit % 8);
      broken = kith_group_entry_parse (header, sizeof header, entry->signature, 64);
      g_assert_true (broken == NULL || !kith_group_entry_verify (broken));
    }

  g_assert_false (kith_group_entry_set_content (entry, entry->salt, 16, (const guint8 *) "hallo", 5));
  g_assert_false (kith_group_entry_set_content (entry, entry->salt, 15, (const guint8 *) "hello", 5));
  g_assert_false (kith_group_entry_set_content (entry, entry->salt, 16, (const guint8 *) "hell", 4));
  g_assert_true (kith_group_entry_set_content (entry, entry->salt, 16, (const guint8 *) "hello", 5));
}

static void
test_proof (void)
{
  g_autoptr (KithGroupEntry) a = make_entry (1, "a");
  g_autoptr (KithGroupEntry) b = make_entry (1, "b");
  g_autoptr (KithGroupEntry) c = make_entry (2, "c");
  const struct
  {
    KithGroupEntry *first;
    KithGroupEntry *second;
    gboolean        good;
  } rows[] = { { a, b, TRUE }, { a, a, FALSE }, { a, c, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) body = kith_group_proof_pack (rows[i].first, rows[i].second);
      KithGroupEntry *first;
      KithGroupEntry *second;
      gsize len;
      const guint8 *data = g_bytes_get_data (body, &len);

      g_assert_cmpint (kith_group_proof_unpack (&first, &second, data, len), ==, rows[i].good);
      g_clear_pointer (&first, kith_group_entry_unref);
      g_clear_pointer (&second, kith_group_entry_unref);
    }
}

/* Nothing that a peer sends makes an unpacker do anything but say no. */
static void
test_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 20000; i++)
    {
      guint8 data[96];
      gsize len = (gsize) g_rand_int_range (rand, 0, sizeof data);
      g_auto (KithGroupHello) hello = { FALSE };
      g_auto (KithGroupVector) vector = { NULL };
      g_auto (KithGroupStatus) status = { .counter = 0 };
      g_auto (KithGroupJoin) join = { .time_ms = 0 };
      g_auto (KithGroupContent) content = { .kind = KITH_GROUP_CONTENT_UNKNOWN };
      g_autoptr (GPtrArray) ops = NULL;
      g_autoptr (GPtrArray) entries = NULL;
      g_autoptr (GArray) want = NULL;
      KithGroupEndorsement endorsement;
      KithGroupFiles files;
      KithGroupSecretBody secret;
      KithGroupPictureBody picture;
      KithGroupControl control;
      KithGroupEntry *first;
      KithGroupEntry *second;

      for (gsize j = 0; j < len; j++)
        data[j] = (guint8) (g_rand_int (rand) & (g_rand_boolean (rand) ? 0x2f : 0xff));
      kith_group_hello_unpack (&hello, data, len);
      kith_group_vector_unpack (&vector, data, len);
      g_assert_false (kith_group_status_open (&status, data, data, len));
      g_assert_false (kith_group_join_open (&join, data, len));
      kith_group_content_unpack (&content, data, len);
      ops = kith_group_ops_unpack (data, len);
      entries = kith_group_entries_unpack (data, len);
      want = kith_group_want_unpack (data, len);
      kith_group_files_unpack (&files, data, len);
      kith_group_endorse_unpack (&endorsement, data, len);
      kith_group_secret_unpack (&secret, data, len);
      if (kith_group_picture_unpack (&picture, data, len))
        kith_group_picture_clear (&picture);
      kith_group_control_unpack (&control, KITH_GROUP_ENTRY_OFFER, data, len);
      g_assert_false (kith_group_proof_unpack (&first, &second, data, len));
    }
}

static void
test_rows (void)
{
  static const struct
  {
    guint64  from;
    guint64  to;
    gboolean good;
  } rows[] = { { 0, 0, TRUE }, { 1, 1, TRUE }, { 3, 9, TRUE }, { 2, 1, FALSE }, { 0, 4, FALSE },
               { 1, G_MAXINT64, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      KithGroupRow row = { .from = rows[i].from, .to = rows[i].to };
      KithGroupVector vector = { g_array_new (FALSE, FALSE, sizeof row), TRUE, FALSE };
      g_auto (KithGroupVector) parsed = { NULL };
      g_autoptr (GBytes) body = NULL;

      g_array_append_val (vector.rows, row);
      body = kith_group_vector_pack (&vector);
      g_assert_cmpint (kith_group_vector_unpack (&parsed, g_bytes_get_data (body, NULL),
                                                 g_bytes_get_size (body)),
                       ==, rows[i].good);
      kith_group_vector_clear (&vector);
    }
}

/* --- Requests -------------------------------------------------------------------------------- */

static void
test_join (void)
{
  guint8 identity_seed[32] = { 9 };
  KithGroupJoin join = { .time_ms = TIME_MS, .name = (char *) "Ann", .text = (char *) "Hello" };
  g_autoptr (GBytes) body = NULL;
  g_autofree guint8 *copy = NULL;
  gsize len;

  kith_identity_get_public (identity_seed, join.identity);
  kith_identity_get_public (seed, join.author);
  body = kith_group_join_seal (&join, seed, identity_seed);
  len = g_bytes_get_size (body);
  copy = g_memdup2 (g_bytes_get_data (body, NULL), len);
  {
    g_auto (KithGroupJoin) open = { .time_ms = 0 };

    g_assert_true (kith_group_join_open (&open, copy, len));
    g_assert_cmpstr (open.name, ==, "Ann");
  }

  /* Who brings it can change nothing: neither key nor name. */
  for (gsize bit = 0; bit < len * 8; bit++)
    {
      g_auto (KithGroupJoin) open = { .time_ms = 0 };

      copy[bit / 8] ^= (guint8) (1 << bit % 8);
      if (kith_group_join_open (&open, copy, len))
        {
          g_assert_cmpmem (open.author, 32, join.author, 32);
          g_assert_cmpmem (open.identity, 32, join.identity, 32);
          g_assert_cmpstr (open.name, ==, "Ann");
        }
      copy[bit / 8] ^= (guint8) (1 << bit % 8);
    }
}

/* Who brings a request says so, and in nobody else's name. */
static void
test_brought (void)
{
  guint8 identity_seed[32] = { 9 };
  guint8 seeds[2][32] = { { 1 }, { 2 } };
  guint8 bringer[32];
  KithGroupJoin join = { .time_ms = TIME_MS, .name = (char *) "Ann" };
  g_autoptr (GBytes) body = NULL;
  g_autofree guint8 *copy = NULL;
  gsize len;

  kith_identity_get_public (identity_seed, join.identity);
  kith_identity_get_public (seed, join.author);
  body = kith_group_join_seal (&join, seed, identity_seed);
  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autoptr (GBytes) brought = kith_group_join_bring (body, seeds[i]);
      g_auto (KithGroupJoin) open = { .time_ms = 0 };

      kith_identity_get_public (seeds[i], bringer);
      g_assert_true (kith_group_join_open (&open, g_bytes_get_data (brought, NULL),
                                           g_bytes_get_size (brought)));
      g_assert_true (open.has_bringer);
      g_assert_cmpmem (open.bringer, 32, bringer, 32);
      g_bytes_unref (body);
      body = g_steal_pointer (&brought);
    }

  len = g_bytes_get_size (body);
  copy = g_memdup2 (g_bytes_get_data (body, NULL), len);
  for (gsize bit = 0; bit < len * 8; bit++)
    {
      g_auto (KithGroupJoin) open = { .time_ms = 0 };

      copy[bit / 8] ^= (guint8) (1 << bit % 8);
      if (kith_group_join_open (&open, copy, len) && open.has_bringer)
        g_assert_cmpmem (open.bringer, 32, bringer, 32);
      copy[bit / 8] ^= (guint8) (1 << bit % 8);
    }
}

static void
test_content (void)
{
  static const KithGroupContent rows[] = {
    { .kind = KITH_GROUP_CONTENT_TEXT, .text = (char *) "hello", .ttl_s = 60 },
    { .kind = KITH_GROUP_CONTENT_TEXT, .text = (char *) "re", .has_target = TRUE, .target = { 1 } },
    { .kind = KITH_GROUP_CONTENT_EDIT, .text = (char *) "new", .has_target = TRUE, .target = { 2 } },
    { .kind = KITH_GROUP_CONTENT_DELETE, .has_target = TRUE, .target = { 3 } },
    { .kind = KITH_GROUP_CONTENT_REACTION, .text = (char *) "👍", .has_target = TRUE },
    { .kind = KITH_GROUP_CONTENT_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) body = kith_group_content_pack (&rows[i]);
      g_auto (KithGroupContent) content = { .kind = KITH_GROUP_CONTENT_UNKNOWN };

      g_assert_true (kith_group_content_unpack (&content, g_bytes_get_data (body, NULL),
                                                g_bytes_get_size (body)));
      g_assert_cmpint (content.kind, ==, rows[i].kind);
      g_assert_cmpstr (content.text, ==, rows[i].text);
      g_assert_cmpint (content.has_target, ==, rows[i].has_target);
      g_assert_cmpuint (content.ttl_s, ==, rows[i].ttl_s);
    }
}

/* The offer of a file, with what is checked of it. */
static void
test_file (void)
{
  KithBodyFile offer = { .size = 70000, .name = (char *) "../a picture.png", .width = 3, .height = 4 };
  KithGroupContent out = { .kind = KITH_GROUP_CONTENT_FILE, .has_target = TRUE, .ttl_s = 60,
                           .file = &offer };
  g_auto (KithGroupContent) back = { .kind = KITH_GROUP_CONTENT_UNKNOWN };
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) wrong = NULL;

  memset (offer.root, 7, sizeof offer.root);
  memset (out.target, 9, sizeof out.target);
  body = kith_group_content_pack (&out);
  g_assert_true (kith_group_content_unpack (&back, g_bytes_get_data (body, NULL), g_bytes_get_size (body)));
  g_assert_cmpint (back.kind, ==, KITH_GROUP_CONTENT_FILE);
  g_assert_cmpmem (back.file->root, sizeof offer.root, offer.root, sizeof offer.root);
  g_assert_cmpuint (back.file->size, ==, 70000);
  g_assert_cmpstr (back.file->name, ==, "a picture.png");
  g_assert_cmpuint (back.ttl_s, ==, 60);
  g_assert_true (back.has_target && memcmp (back.target, out.target, sizeof out.target) == 0);

  offer.list_bytes = 70001; /* a list that is longer than all of it */
  wrong = kith_group_content_pack (&out);
  kith_group_content_clear (&back);
  g_assert_false (kith_group_content_unpack (&back, g_bytes_get_data (wrong, NULL), g_bytes_get_size (wrong)));
}

static void
test_files (void)
{
  g_autofree KithGroupFiles *out = g_new0 (KithGroupFiles, 1);
  g_autofree KithGroupFiles *back = g_new0 (KithGroupFiles, 1);
  g_autofree guint8 *many = g_malloc0 (3 + 16 * (KITH_LIMIT_GROUP_FILES_NAMED + 1));
  g_autoptr (GBytes) body = NULL;
  const guint8 half[] = { 0x0a, 8, 1, 2, 3, 4, 5, 6, 7, 8 };

  out->n_wanted = KITH_LIMIT_GROUP_FILES_NAMED;
  out->n_here = 1;
  memset (out->wanted, 1, sizeof out->wanted);
  memset (out->here, 2, sizeof out->here[0]);
  body = kith_group_files_pack (out);
  g_assert_true (kith_group_files_unpack (back, g_bytes_get_data (body, NULL), g_bytes_get_size (body)));
  g_assert_cmpmem (back, sizeof *back, out, sizeof *out);

  /* Half an id; and one more than may be named. */
  g_assert_false (kith_group_files_unpack (back, half, sizeof half));
  many[0] = 0x0a;
  many[1] = 0x90;
  many[2] = 0x08;
  g_assert_false (kith_group_files_unpack (back, many, 3 + 16 * (KITH_LIMIT_GROUP_FILES_NAMED + 1)));
  g_assert_cmpuint (back->n_wanted, ==, 0);
}

/* What no emoji is, nor even text, is not taken. */
static void
test_broken_reactions (void)
{
  static const char *const broken[] = { "\xf0", "\xf0\x82\x82\xac", "\xff", "\xed\xa0\x80" };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      KithGroupContent sent = { .kind = KITH_GROUP_CONTENT_REACTION, .text = (char *) broken[i],
                                .has_target = TRUE };
      g_autoptr (GBytes) body = kith_group_content_pack (&sent);
      g_auto (KithGroupContent) content = { .kind = KITH_GROUP_CONTENT_UNKNOWN };

      g_assert_false (kith_group_content_unpack (&content, g_bytes_get_data (body, NULL),
                                                 g_bytes_get_size (body)));
    }
}

static void
test_answer (void)
{
  static const guint8 later[] = { 7, 1 };
  static const guint8 longer[] = { 1, 2, 3 };
  g_autoptr (GBytes) denied = kith_group_answer_pack (KITH_GROUP_ANSWER_DENIED);
  KithGroupAnswer answer;

  g_assert_cmpmem (g_bytes_get_data (denied, NULL), g_bytes_get_size (denied), "\1", 1);
  g_assert_true (kith_group_answer_unpack (&answer, longer, 1));
  g_assert_cmpint (answer, ==, KITH_GROUP_ANSWER_DENIED);
  g_assert_true (kith_group_answer_unpack (&answer, longer, sizeof longer));
  g_assert_cmpint (answer, ==, KITH_GROUP_ANSWER_DENIED);
  g_assert_true (kith_group_answer_unpack (&answer, later, sizeof later));
  g_assert_cmpint (answer, ==, KITH_GROUP_ANSWER_UNKNOWN);
  g_assert_false (kith_group_answer_unpack (&answer, NULL, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  memset (seed, 0x55, sizeof seed);
  g_test_add_func ("/group/proto/known-answers", test_known_answers);
  g_test_add_func ("/group/proto/ops", test_ops);
  g_test_add_func ("/group/proto/broken-ops", test_broken_ops);
  g_test_add_func ("/group/proto/poor-bodies", test_poor_bodies);
  g_test_add_func ("/group/proto/broken-entries", test_broken_entries);
  g_test_add_func ("/group/proto/proof", test_proof);
  g_test_add_func ("/group/proto/garbage", test_garbage);
  g_test_add_func ("/group/proto/rows", test_rows);
  g_test_add_func ("/group/proto/join", test_join);
  g_test_add_func ("/group/proto/brought", test_brought);
  g_test_add_func ("/group/proto/content", test_content);
  g_test_add_func ("/group/proto/file", test_file);
  g_test_add_func ("/group/proto/files", test_files);
  g_test_add_func ("/group/proto/broken-reactions", test_broken_reactions);
  g_test_add_func ("/group/proto/answer", test_answer);

  return g_test_run ();
}
