/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files on their way, and what else comes in a record of its own form: new keys, the answer to a
 * passphrase, and what members of a group tell each other. The first byte says which. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "kith-fuzz.h"
#include "proto/kith-body.h"
#include "proto/kith-file-list.h"
#include "proto/kith-file-name.h"
#include "proto/kith-file-tree.h"
#include "proto/kith-group-body.h"
#include "proto/kith-group-invitation.h"
#include "proto/kith-join-passphrase.h"
#include "proto/kith-rekey.h"

typedef gboolean (*Unpack) (gpointer self, const guint8 *data, gsize len);
typedef GBytes *(*Pack) (gconstpointer self);

/* --- Files ---------------------------------------------------------------------------------- */

static void
try_get (const guint8 *data, gsize len)
{
  KithBodyFileGet first;
  KithBodyFileGet second;
  g_autoptr (GByteArray) packed = NULL;

  if (!kith_body_file_get_unpack (&first, data, len))
    return;

  kith_fuzz_check (first.count > 0 && (guint64) first.from + first.count <= G_MAXUINT32);
  packed = kith_body_file_get_pack (&first);
  kith_fuzz_check (kith_body_file_get_unpack (&second, packed->data, packed->len));
  kith_fuzz_check (memcmp (first.root, second.root, sizeof first.root) == 0);
  kith_fuzz_check (first.request == second.request && first.what == second.what);
  kith_fuzz_check (first.from == second.from && first.count == second.count);
  kith_fuzz_check (first.has_offer == second.has_offer
                   && memcmp (&first.offer, &second.offer, sizeof first.offer) == 0);
}

static void
try_state (const guint8 *data, gsize len)
{
  KithBodyFileState first;
  KithBodyFileState second;
  g_autoptr (GByteArray) packed = NULL;

  if (!kith_body_file_state_unpack (&first, data, len) || first.status == KITH_FILE_STATUS_UNKNOWN)
    return;

  packed = kith_body_file_state_pack (&first);
  kith_fuzz_check (kith_body_file_state_unpack (&second, packed->data, packed->len));
  kith_fuzz_check (memcmp (first.root, second.root, sizeof first.root) == 0);
  kith_fuzz_check (first.status == second.status && first.has_offer == second.has_offer);
  kith_fuzz_check (memcmp (&first.offer, &second.offer, sizeof first.offer) == 0);
}

/* Nothing leads out of the folder, and no two are the same. */
static void
check_list (KithFileList *list, guint64 total)
{
  g_autoptr (GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);
  guint64 end = 0;

  for (guint i = 0; i < list->entries->len; i++)
    {
      KithFileEntry *entry = kith_file_list_get (list, i);
      g_auto (GStrv) parts = g_strsplit (entry->path, "/", -1);

      for (char **part = parts; *part != NULL; part++)
        {
          g_autofree char *again = kith_file_name_sanitize (*part);

          kith_fuzz_check (g_strcmp0 (again, *part) == 0);
        }
      kith_fuzz_check (parts[0] != NULL && g_hash_table_add (paths, entry->path));
      kith_fuzz_check (entry->offset >= end && entry->size <= total - entry->offset);
      end = entry->offset + entry->size;
    }
  kith_fuzz_check (list->entries->len == 0 || end == total);
}

/* The length of the whole is what they say with the offer: here what would be right. */
static void
try_list (const guint8 *data, gsize len)
{
  guint64 said = 0;
  guint64 total;
  g_autoptr (KithFileList) list = NULL;
  g_autoptr (KithFileList) again = NULL;
  g_autoptr (GBytes) packed = NULL;

  if (len < 8)
    return;

  memcpy (&said, data, 8);
  said = GUINT64_FROM_BE (said);
  data += 8;
  len -= 8;
  list = kith_file_list_unpack (data, len, said);
  if (list == NULL)
    return;

  check_list (list, said);
  packed = kith_file_list_pack (list);
  total = kith_file_list_place (list, g_bytes_get_size (packed));
  if (total == G_MAXUINT64 || g_bytes_get_size (packed) > KITH_LIMIT_FOLDER_LIST_BYTES)
    return;
  again = kith_file_list_unpack (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed), total);
  kith_fuzz_check (again != NULL && again->n_files == list->n_files);
  check_list (again, total);
}

/* FILE_LEAVES: of how long a file, then leaves. One way or the other, the root is the same. */
static void
try_leaves (const guint8 *data, gsize len)
{
  KithReader reader;
  KithFileTree tree;
  guint64 size;
  guint32 n;
  guint8 one[KITH_HASH_BYTES];
  guint8 other[KITH_HASH_BYTES];

  kith_reader_init (&reader, data, len);
  size = kith_reader_u64 (&reader);
  n = (guint32) (kith_reader_remaining (&reader) / KITH_HASH_BYTES);
  data += reader.offset;
  if (reader.failed || n == 0)
    return;

  kith_file_root (one, size, data, n);
  kith_file_tree_init (&tree);
  for (guint32 i = 0; i < n; i++)
    {
      kith_file_tree_add (&tree, data + i * KITH_HASH_BYTES);
      kith_fuzz_check (size > G_MAXINT64 || kith_file_leaf_len (size, i) <= KITH_LIMIT_FILE_LEAF_BYTES);
    }
  kith_file_tree_root (&tree, size, other);
  kith_fuzz_check (memcmp (one, other, sizeof one) == 0);
  if (size <= G_MAXINT64)
    kith_file_n_leaves (size);
}

/* FILE_CHUNK and FILE_LEAVES: what was taken lies in the body, and makes the same one. */
static void
try_part (const guint8 *data, gsize len)
{
  KithBodyFilePart part;
  KithBodyFilePart leaves;
  g_autoptr (GByteArray) again = NULL;

  if (!kith_body_file_chunk_unpack (&part, data, len))
    return;

  kith_fuzz_check (part.data == data + KITH_FILE_PART_HEAD_BYTES && part.len == len - KITH_FILE_PART_HEAD_BYTES);
  again = kith_body_file_part_new (part.request, part.from, part.len);
  if (part.len > 0)
    memcpy (again->data + KITH_FILE_PART_HEAD_BYTES, part.data, part.len);
  kith_fuzz_check (again->len == len && memcmp (again->data, data, len) == 0);
  if (kith_body_file_leaves_unpack (&leaves, data, len))
    kith_fuzz_check (leaves.len > 0 && leaves.len % KITH_HASH_BYTES == 0 && leaves.from == part.from);
}

/* --- Keys ----------------------------------------------------------------------------------- */

static void
try_rekey1 (const guint8 *data, gsize len)
{
  KithRekey1 rekey;
  guint8 again[KITH_REKEY1_BYTES];

  if (!kith_rekey1_parse (&rekey, data, len))
    return;

  kith_rekey1_encode (&rekey, again);
  kith_fuzz_check (len == sizeof again && memcmp (again, data, len) == 0);
}

static void
try_rekey2 (const guint8 *data, gsize len)
{
  KithRekey2 rekey;
  guint8 again[KITH_REKEY2_BYTES];

  if (!kith_rekey2_parse (&rekey, data, len))
    return;

  kith_fuzz_check (kith_rekey2_encode (&rekey, again) == len && memcmp (again, data, len) == 0);
}

/* The preamble that asks, and the reply: of both sides a share that anybody may have made. */
static void
try_passphrase (const guint8 *data, gsize len)
{
  guint8 wire[KITH_PREAMBLE_BYTES + KITH_JOIN_REPLY_BYTES] = { 0 };
  guint8 psk[KITH_KEY_BYTES];
  g_autoptr (KithSecret) passphrase = kith_join_passphrase_new ("apple bread chair", NULL);
  KithFakeEnv fake;
  KithJoinRun run;

  if (passphrase == NULL)
    return;

  memcpy (wire, data, MIN (len, sizeof wire));
  kith_fake_env_init (&fake, 1, 1767225600);
  for (guint dialer = 0; dialer < 2; dialer++)
    {
      kith_fuzz_check (kith_join_run_start (&run, passphrase, dialer == 1, &fake.env));
      kith_join_run_derive (&run, passphrase, wire, wire + KITH_PREAMBLE_BYTES, psk);
      kith_join_run_clear (&run);
    }
}

/* --- Groups --------------------------------------------------------------------------------- */

/* What was taken is written, taken again, and written as it was the first time. Both structs are
 * given empty. */
static void
try_again (gpointer first, gpointer second, Unpack unpack, Pack pack, const guint8 *data, gsize len)
{
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GBytes) again = NULL;

  if (!unpack (first, data, len))
    return;

  packed = pack (first);
  kith_fuzz_check (unpack (second, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed)));
  again = pack (second);
  kith_fuzz_check (g_bytes_equal (packed, again));
}

#define TRY(Type, name)                                                                            \
  static void try_##name (const guint8 *data, gsize len)                                           \
  {                                                                                                \
    Type first = { 0 };                                                                            \
    Type second = { 0 };                                                                           \
                                                                                                   \
    try_again (&first, &second, (Unpack) unpack_##name, (Pack) pack_##name, data, len);            \
    clear_##name (&first);                                                                         \
    clear_##name (&second);                                                                        \
  }

#define CALLS(Type, name, clear_statement)                                                         \
  static gboolean unpack_##name (gpointer self, const guint8 *data, gsize len)                     \
  {                                                                                                \
    return kith_group_##name##_unpack (self, data, len);                                           \
  }                                                                                                \
                                                                                                   \
  static GBytes *pack_##name (gconstpointer self)                                                  \
  {                                                                                                \
    return kith_group_##name##_pack (self);                                                        \
  }                                                                                                \
                                                                                                   \
  static void clear_##name (Type *self)                                                            \
  {                                                                                                \
    clear_statement;                                                                               \
  }                                                                                                \
  TRY (Type, name)

CALLS (KithGroupFiles, files, (void) self)
CALLS (KithGroupPictureBody, picture, kith_group_picture_clear (self))
CALLS (KithGroupHello, hello, kith_group_hello_clear (self))
CALLS (KithGroupVector, vector, kith_group_vector_clear (self))
CALLS (KithGroupEndorsement, endorse, (void) self)
CALLS (KithGroupSecretBody, secret, (void) self)

static void
try_wanted (const guint8 *data, gsize len)
{
  g_autoptr (GArray) ranges = kith_group_want_unpack (data, len);
  g_autoptr (GBytes) packed = ranges != NULL ? kith_group_want_pack (ranges) : NULL;
  g_autoptr (GArray) again = NULL;

  if (packed == NULL)
    return;

  again = kith_group_want_unpack (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
  kith_fuzz_check (again != NULL && again->len == ranges->len);
}

/* Of operations and entries. */
static void
try_items (const guint8 *data, gsize len)
{
  g_autoptr (GPtrArray) ops = kith_group_ops_unpack (data, len);
  g_autoptr (GPtrArray) entries = kith_group_entries_unpack (data, len);
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GPtrArray) again = NULL;

  if (entries != NULL && entries->len > 0)
    {
      packed = kith_group_entries_pack (entries);
      again = kith_group_entries_unpack (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
      kith_fuzz_check (again != NULL && again->len == entries->len);
    }
  else if (ops != NULL && ops->len > 0)
    {
      packed = kith_group_ops_pack (ops);
      again = kith_group_ops_unpack (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
      kith_fuzz_check (again != NULL && again->len == ops->len);
    }
}

static void
try_answer (const guint8 *data, gsize len)
{
  KithGroupAnswer first;
  KithGroupAnswer second;
  g_autoptr (GBytes) packed = NULL;

  if (!kith_group_answer_unpack (&first, data, len) || first == KITH_GROUP_ANSWER_UNKNOWN)
    return;

  packed = kith_group_answer_pack (first);
  kith_fuzz_check (kith_group_answer_unpack (&second, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed)));
  kith_fuzz_check (first == second);
}

static void
try_invitation (const guint8 *data, gsize len)
{
  g_autofree char *text = kith_group_invitation_encode_bytes (data, len);
  guint8 out[KITH_LIMIT_GROUP_INVITATION_BYTES];
  g_auto (KithGroupInvitation) invitation = { 0 };

  if (text == NULL)
    return;

  kith_fuzz_check (kith_group_invitation_decode_text (text, out) > 0);
  kith_fuzz_check (kith_group_invitation_decode (&invitation, text));
}

static void
try_join (const guint8 *data, gsize len)
{
  g_auto (KithGroupJoin) join = { 0 };

  if (kith_group_join_open (&join, data, len))
    kith_fuzz_check (join.name == NULL || g_utf8_validate (join.name, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static void (*const tries[]) (const guint8 *data, gsize len) = {
    try_get, try_state, try_list, try_leaves, try_files, try_rekey1, try_rekey2, try_passphrase,
    try_picture, try_hello, try_vector, try_endorse, try_secret, try_wanted, try_invitation, try_join,
    try_items, try_part, try_answer,
  };

  if (size > 0)
    tries[data[0] % G_N_ELEMENTS (tries)] (data + 1, size - 1);
  return 0;
}
