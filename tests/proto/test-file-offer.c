/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offers of files, their names, and lists of folders, from people who mean well and others. Protocol 11. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "proto/kith-body.h"
#include "proto/kith-file-list.h"
#include "proto/kith-file-name.h"

static const guint8 garbage[] = { 0x0a, 0xff, 0xff, 0xff };

/* --- Names ---------------------------------------------------------------------------------- */

static void
test_names (void)
{
  static const struct
  {
    const char *name;
    const char *safe; /* NULL: nothing is left */
  } cases[] = {
    { "holiday.jpg", "holiday.jpg" },
    { "../../x", "x" },
    { "C:\\x", "x" },
    { "/etc/x", "x" },
    { "..\\..\\boot.ini", "boot.ini" },
    { "", NULL },
    { ".", NULL },
    { "..", NULL },
    { "...", NULL },
    { "folder/", NULL },
    { " . ", NULL },
    { ".bashrc", "bashrc" },
    { ". .profile", "profile" },
    { "CON", "CON_" },
    { "con.txt", "con_.txt" },
    { "nul.tar.gz", "nul_.tar.gz" },
    { "COM1", "COM1_" },
    { "com10", "com10" },
    { "Lpt9.x", "Lpt9_.x" },
    { "CONIN$", "CONIN$_" },
    { "console.log", "console.log" },
    { "ends.", "ends._" },
    { "blank ", "blank _" },
    { "a\xe2\x80\xaegpj.exe", "agpj.exe" },              /* U+202E */
    { "a\xe2\x81\xa6" "b\xe2\x81\xa9.txt", "ab.txt" },   /* isolates */
    { "a\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c.txt", "a.txt" },
    { "zero\xe2\x80\x8bwidth\xe2\x80\x8d\xef\xbb\xbf.png", "zerowidth.png" },
    { "hidden\xe3\x85\xa4.exe", "hidden.exe" },          /* a Hangul filler */
    { "tab\there\nand\x01there", "tab here andthere" },
    { "a<b>c:d\"e|f?g*h", "a_b_c_d_e_f_g_h" },
    { "e\xcc\x81t\xc3\xa9.txt", "\xc3\xa9t\xc3\xa9.txt" }, /* NFC */
    { "e\xe2\x80\xae\xcc\x81.txt", "\xc3\xa9.txt" },     /* NFC also of what stood apart */
    { "bad\xff\xfe.txt", "bad\xef\xbf\xbd\xef\xbf\xbd.txt" },
    { "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8.txt", "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8.txt" },
    { "\xe2\x80\xae\xe2\x80\x8b", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *safe = kith_file_name_sanitize (cases[i].name);

      g_assert_cmpstr (safe, ==, cases[i].safe);
      if (safe != NULL)
        {
          g_autofree char *again = kith_file_name_sanitize (safe);

          g_assert_cmpstr (again, ==, safe); /* nothing is left to do */
        }
    }
}

static void
test_long_names (void)
{
  g_autofree char *base = g_strnfill (300, 'x');
  g_autofree char *name = g_strconcat (base, ".jpeg", NULL);
  g_autofree char *safe = kith_file_name_sanitize (name);
  g_autofree char *numbered = kith_file_name_with_number (safe, 12);
  g_autofree char *odd = g_strconcat ("a.", base, NULL);
  g_autofree char *odd_safe = kith_file_name_sanitize (odd);
  GString *wide = g_string_new (NULL);
  g_autofree char *wide_safe = NULL;

  g_assert_cmpuint (strlen (safe), ==, KITH_LIMIT_FILE_NAME_BYTES);
  g_assert_true (g_str_has_suffix (safe, "x.jpeg"));
  g_assert_cmpuint (strlen (numbered), ==, KITH_LIMIT_FILE_NAME_BYTES);
  g_assert_true (g_str_has_suffix (numbered, "x (12).jpeg"));
  g_assert_cmpuint (strlen (odd_safe), ==, KITH_LIMIT_FILE_NAME_BYTES);

  for (guint i = 0; i < 100; i++)
    g_string_append (wide, "\xe2\x82\xac");
  wide_safe = kith_file_name_sanitize (wide->str);
  g_assert_true (g_utf8_validate (wide_safe, -1, NULL));
  g_assert_cmpuint (strlen (wide_safe), <=, KITH_LIMIT_FILE_NAME_BYTES);
  g_string_free (wide, TRUE);
}

static void
test_numbers_and_extensions (void)
{
  static const char *const cases[][3] = {
    { "a.txt", "a (2).txt", ".txt" },
    { "a", "a (2)", "" },
    { "a.tar.gz", "a (2).tar.gz", ".tar.gz" },
    { "v1.2", "v1 (2).2", ".2" },
    { "tar.gz", "tar (2).gz", ".gz" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *numbered = kith_file_name_with_number (cases[i][0], 2);

      g_assert_cmpstr (numbered, ==, cases[i][1]);
      g_assert_cmpstr (kith_file_name_get_extension (cases[i][0]), ==, cases[i][2]);
    }
}

static void
test_paths (void)
{
  static const char *const cases[][2] = {
    { "a/b/c.txt", "a/b/c.txt" },
    { "a/.hidden", "a/hidden" },
    { "a/CON", "a/CON_" },
    { "../x", NULL },
    { "a/../../x", NULL },
    { "/etc/passwd", NULL },
    { "a//b", NULL },
    { "a/./b", NULL },
    { "a/", NULL },
    { "a\\..\\b", NULL },
    { "", NULL },
    { "a/...", "a/file" },
  };
  g_autofree char *deep = NULL;
  g_autofree char *none = NULL;
  GString *path = g_string_new ("a");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *safe = kith_file_path_sanitize (cases[i][0]);

      g_assert_cmpstr (safe, ==, cases[i][1]);
    }

  for (guint i = 1; i < KITH_LIMIT_FOLDER_DEPTH; i++)
    g_string_append (path, "/a");
  deep = kith_file_path_sanitize (path->str);
  g_assert_cmpstr (deep, ==, path->str);
  g_string_append (path, "/a");
  none = kith_file_path_sanitize (path->str);
  g_assert_null (none);
  g_string_free (path, TRUE);
}

static void
test_types (void)
{
  static const char *const cases[][2] = {
    { "image/png", "image/png" }, { "Image/SVG+xml", "image/svg+xml" },
    { "audio/ogg", "audio/ogg" }, { "", NULL },
    { "image", NULL },            { "/png", NULL },
    { "image/", NULL },           { "a/b/c", NULL },
    { "a/b c", NULL },            { "a/<b>", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *type = kith_file_type_sanitize (cases[i][0]);

      g_assert_cmpstr (type, ==, cases[i][1]);
    }
}

/* --- Offers --------------------------------------------------------------------------------- */

static KithBodyMsg
an_offer (KithBodyFile *file)
{
  KithBodyMsg msg = { .seq = 3, .hlc = 4, .ttl_s = 60, .content = KITH_CONTENT_FILE, .file = file };

  memset (msg.id.bytes, 9, sizeof msg.id.bytes);
  return msg;
}

static void
test_offer (void)
{
  KithBodyFile file = { .size = 5000000000, .name = (char *) "a.png", .list_bytes = 77,
                        .media_type = (char *) "image/png", .width = 640, .height = 480,
                        .duration_ms = 1500, .n_waveform = 3 };
  KithBodyMsg msg = an_offer (&file);
  g_auto (KithBodyMsg) back = { 0 };
  g_autoptr (GByteArray) body = NULL;
  const KithBodyFile *offer;

  memset (file.root, 0xab, sizeof file.root);
  memset (file.waveform, 0x7f, 3);
  msg.has_target = TRUE;
  memset (msg.target.bytes, 5, sizeof msg.target.bytes);
  body = kith_body_msg_pack (&msg);
  g_assert_true (kith_body_msg_unpack (&back, body->data, body->len));

  g_assert_cmpint (back.content, ==, KITH_CONTENT_FILE);
  g_assert_cmpuint (back.ttl_s, ==, 60);
  g_assert_true (back.has_target);
  g_assert_cmpmem (back.target.bytes, 16, msg.target.bytes, 16);
  offer = back.file;
  g_assert_cmpmem (offer->root, 32, file.root, 32);
  g_assert_cmpuint (offer->size, ==, file.size);
  g_assert_cmpstr (offer->name, ==, "a.png");
  g_assert_cmpuint (offer->list_bytes, ==, 77);
  g_assert_cmpstr (offer->media_type, ==, "image/png");
  g_assert_cmpuint (offer->width, ==, 640);
  g_assert_cmpuint (offer->height, ==, 480);
  g_assert_cmpuint (offer->duration_ms, ==, 1500);
  g_assert_cmpmem (offer->waveform, offer->n_waveform, file.waveform, 3);
}

/* Records that our own code would not write, field by field. */
static void
put_number (GByteArray *out, guint field, guint64 value)
{
  guint64 parts[] = { (guint64) field << 3, value };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    for (guint64 v = parts[i];; v >>= 7)
      {
        guint8 byte = (guint8) ((v & 0x7f) | (v > 0x7f ? 0x80 : 0));

        g_byte_array_append (out, &byte, 1);
        if (v <= 0x7f)
          break;
      }
}

static void
put_bytes (GByteArray *out, guint field, const void *data, gsize len)
{
  guint start = out->len;

  put_number (out, field, len);
  out->data[start] = (guint8) (out->data[start] | 2);
  g_byte_array_append (out, data, (guint) len);
}

typedef struct
{
  gsize       root_len;
  guint64     size;
  const char *name;
  const char *type;
  guint64     list_bytes;
  guint       width, height;
  gsize       waveform_len;
} Offer;

/* (nullable): what is made of it */
static KithBodyFile *
through (const Offer *offer)
{
  static const guint8 bytes[100] = { 1, 2, 3 };
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GByteArray) msg = g_byte_array_new ();
  KithBodyMsg back;

  put_bytes (file, 1, bytes, offer->root_len);
  put_number (file, 2, offer->size);
  put_bytes (file, 3, offer->name, strlen (offer->name));
  put_bytes (file, 4, offer->type, strlen (offer->type));
  put_number (file, 5, offer->list_bytes);
  put_number (file, 6, offer->width);
  put_number (file, 7, offer->height);
  put_bytes (file, 9, bytes, offer->waveform_len);
  put_bytes (msg, 1, bytes, 16);
  put_number (msg, 2, 1);
  put_bytes (msg, 13, file->data, file->len);
  return kith_body_msg_unpack (&back, msg->data, msg->len) ? back.file : NULL;
}

static void
test_odd_offers (void)
{
  Offer offer = { .name = "..", .type = "text/html<script>", .width = 70000, .height = 5,
                  .waveform_len = 65 };
  g_autoptr (KithBodyFile) file = NULL;
  g_autoptr (KithBodyFile) named = NULL;

  g_assert_null (through (&offer)); /* no root */
  offer.root_len = 33;
  g_assert_null (through (&offer));
  offer.root_len = 31;
  g_assert_null (through (&offer));

  offer.root_len = 32;
  file = through (&offer);
  g_assert_nonnull (file);
  g_assert_cmpstr (file->name, ==, "file");
  g_assert_null (file->media_type);
  g_assert_cmpuint (file->width, ==, 0);
  g_assert_cmpuint (file->height, ==, 0);
  g_assert_cmpuint (file->n_waveform, ==, 0);

  offer.name = "../../.ssh/authorized_keys";
  named = through (&offer);
  g_assert_cmpstr (named->name, ==, "authorized_keys");

  offer.size = (guint64) 1 << 63;
  g_assert_null (through (&offer));
  offer.size = 10;
  offer.list_bytes = 11; /* more than all of it */
  g_assert_null (through (&offer));
}

static void
test_get (void)
{
  KithBodyFileGet get = { .request = 7, .what = KITH_FILE_CHUNKS, .from = 3, .count = 64 };
  KithBodyFileGet back;
  g_autoptr (GByteArray) body = kith_body_file_get_pack (&get);
  g_autoptr (GByteArray) none = NULL;
  g_autoptr (GByteArray) over = NULL;

  g_assert_true (kith_body_file_get_unpack (&back, body->data, body->len));
  g_assert_cmpuint (back.request, ==, 7);
  g_assert_cmpint (back.what, ==, KITH_FILE_CHUNKS);
  g_assert_cmpuint (back.from, ==, 3);
  g_assert_cmpuint (back.count, ==, 64);

  get.count = 0;
  none = kith_body_file_get_pack (&get);
  g_assert_false (kith_body_file_get_unpack (&back, none->data, none->len));
  get.count = G_MAXUINT32;
  over = kith_body_file_get_pack (&get);
  g_assert_false (kith_body_file_get_unpack (&back, over->data, over->len));
  g_assert_false (kith_body_file_get_unpack (&back, garbage, sizeof garbage));
}

static void
test_parts (void)
{
  static const guint8 wire[] = { 0, 0, 1, 2, 0xff, 0xff, 0xff, 0xfe, 'd', 'a', 't', 'a' };
  g_autoptr (GByteArray) chunk = kith_body_file_part_new (0x102, 0xfffffffe, 4);
  g_autoptr (GByteArray) leaves = kith_body_file_part_new (1, 2, 2 * KITH_HASH_BYTES);
  KithBodyFilePart part;

  memcpy (chunk->data + KITH_FILE_PART_HEAD_BYTES, "data", 4);
  g_assert_cmpmem (chunk->data, chunk->len, wire, sizeof wire);
  g_assert_true (kith_body_file_chunk_unpack (&part, wire, sizeof wire));
  g_assert_cmpuint (part.request, ==, 0x102);
  g_assert_cmpuint (part.from, ==, 0xfffffffe);
  g_assert_cmpmem (part.data, part.len, "data", 4);
  g_assert_false (kith_body_file_leaves_unpack (&part, wire, sizeof wire));
  for (gsize len = 0; len < KITH_FILE_PART_HEAD_BYTES; len++)
    g_assert_false (kith_body_file_chunk_unpack (&part, wire, len));
  g_assert_true (kith_body_file_chunk_unpack (&part, wire, KITH_FILE_PART_HEAD_BYTES));
  g_assert_cmpuint (part.len, ==, 0);

  memset (leaves->data + KITH_FILE_PART_HEAD_BYTES, 7, 2 * KITH_HASH_BYTES);
  g_assert_true (kith_body_file_leaves_unpack (&part, leaves->data, leaves->len));
  g_assert_cmpuint (part.len, ==, 2 * KITH_HASH_BYTES);
  g_assert_true (part.data == leaves->data + KITH_FILE_PART_HEAD_BYTES);
  g_assert_false (kith_body_file_leaves_unpack (&part, leaves->data, leaves->len - 1));
  g_assert_false (kith_body_file_leaves_unpack (&part, leaves->data, KITH_FILE_PART_HEAD_BYTES));
  g_assert_false (kith_body_file_leaves_unpack (&part, leaves->data, 3));
}

static void
test_state (void)
{
  KithBodyFileState state = { .status = KITH_FILE_DONE, .has_offer = TRUE };
  KithBodyFileState back;
  g_autoptr (GByteArray) later = g_byte_array_new ();
  guint8 root[32] = { 3 };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GByteArray) body = kith_body_file_state_pack (&state);

      g_assert_true (kith_body_file_state_unpack (&back, body->data, body->len));
      g_assert_cmpint (back.status, ==, KITH_FILE_DONE);
      g_assert_cmpint (back.has_offer, ==, state.has_offer);
      state.has_offer = FALSE;
    }

  put_bytes (later, 1, root, 32);
  put_number (later, 2, 99);
  g_assert_true (kith_body_file_state_unpack (&back, later->data, later->len));
  g_assert_cmpint (back.status, ==, KITH_FILE_STATUS_UNKNOWN);

  put_bytes (later, 1, root, 31); /* the last one counts */
  g_assert_false (kith_body_file_state_unpack (&back, later->data, later->len));
  g_assert_false (kith_body_file_state_unpack (&back, garbage, sizeof garbage));
}

/* --- Folders -------------------------------------------------------------------------------- */

static void
test_list (void)
{
  g_autoptr (KithFileList) list = kith_file_list_new ();
  g_autoptr (KithFileList) back = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize len;
  const guint8 *data;

  kith_file_list_add (list, "a.txt", 10, FALSE);
  kith_file_list_add (list, "empty", 0, TRUE);
  kith_file_list_add (list, "sub/b.txt", 0, FALSE);
  kith_file_list_add (list, "sub/c.txt", 5, FALSE);
  bytes = kith_file_list_pack (list);
  data = g_bytes_get_data (bytes, &len);

  g_assert_null (kith_file_list_unpack (data, len, len + 14));
  g_assert_null (kith_file_list_unpack (data, len, len + 16));
  g_assert_null (kith_file_list_unpack (data, len - 1, len + 15));
  back = kith_file_list_unpack (data, len, len + 15);
  g_assert_nonnull (back);
  g_assert_cmpuint (back->entries->len, ==, 4);
  g_assert_cmpuint (back->n_files, ==, 3);
  g_assert_cmpstr (kith_file_list_get (back, 3)->path, ==, "sub/c.txt");
  g_assert_cmpuint (kith_file_list_get (back, 3)->offset, ==, len + 10);
  g_assert_true (kith_file_list_get (back, 1)->folder);
}

static KithFileList *
list_of (const char *const *paths)
{
  g_autoptr (KithFileList) list = kith_file_list_new ();
  g_autoptr (GBytes) bytes = NULL;
  gsize len;

  for (guint i = 0; paths[i] != NULL; i++)
    kith_file_list_add (list, paths[i], 1, FALSE);
  bytes = kith_file_list_pack (list);
  len = g_bytes_get_size (bytes);
  return kith_file_list_unpack (g_bytes_get_data (bytes, NULL), len, len + g_strv_length ((GStrv) paths));
}

static void
test_odd_lists (void)
{
  static const char *const outside[][3] = {
    { "../x", NULL }, { "a/../../x", NULL }, { "/etc/x", NULL }, { "a", "a/b", NULL }, { "", NULL },
  };
  static const char *const same[] = { "a\xe2\x80\x8b.txt", "a.txt", ".a.txt", "a/.b", "a/b", NULL };
  static const char *const after[] = { "a/b", "a", NULL };
  g_autoptr (KithFileList) list = list_of (same);
  g_autoptr (KithFileList) moved = list_of (after);

  for (gsize i = 0; i < G_N_ELEMENTS (outside); i++)
    g_assert_null (list_of (outside[i]));

  g_assert_nonnull (list);
  g_assert_cmpstr (kith_file_list_get (list, 0)->path, ==, "a.txt");
  g_assert_cmpstr (kith_file_list_get (list, 1)->path, ==, "a (2).txt");
  g_assert_cmpstr (kith_file_list_get (list, 2)->path, ==, "a (3).txt");
  g_assert_cmpstr (kith_file_list_get (list, 3)->path, ==, "a/b");
  g_assert_cmpstr (kith_file_list_get (list, 4)->path, ==, "a/b (2)");
  g_assert_nonnull (moved);
  g_assert_cmpstr (kith_file_list_get (moved, 1)->path, ==, "a (2)");
}

/* What is honest and only becomes the same: a hidden file beside a folder, and two folders. */
static void
test_hidden_beside (void)
{
  static const char *const paths[] = { ".env", "env/bin", "env/lib", ".git/a", "git/a", "git/b", NULL };
  g_autoptr (KithFileList) list = list_of (paths);

  g_assert_nonnull (list);
  g_assert_cmpstr (kith_file_list_get (list, 0)->path, ==, "env");
  g_assert_cmpstr (kith_file_list_get (list, 1)->path, ==, "env (2)/bin");
  g_assert_cmpstr (kith_file_list_get (list, 2)->path, ==, "env (2)/lib");
  g_assert_cmpstr (kith_file_list_get (list, 3)->path, ==, "git/a");
  g_assert_cmpstr (kith_file_list_get (list, 4)->path, ==, "git (2)/a");
  g_assert_cmpstr (kith_file_list_get (list, 5)->path, ==, "git (2)/b");
}

/* Sizes that overflow, lists that are too long, and names made to cost time. */
static void
test_heavy_lists (void)
{
  g_autoptr (KithFileList) huge = kith_file_list_new ();
  g_autoptr (KithFileList) many = kith_file_list_new ();
  g_autoptr (KithFileList) same = kith_file_list_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) same_bytes = NULL;

  kith_file_list_add (huge, "a", G_MAXINT64, FALSE);
  kith_file_list_add (huge, "b", G_MAXINT64, FALSE);
  g_assert_cmpuint (kith_file_list_place (huge, 5), ==, G_MAXUINT64);

  for (guint i = 0; i <= KITH_LIMIT_FOLDER_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      kith_file_list_add (many, name, 0, FALSE);
      kith_file_list_add (same, "x", 0, FALSE);
    }
  bytes = kith_file_list_pack (many);
  g_assert_null (kith_file_list_unpack (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                        g_bytes_get_size (bytes)));
  g_array_set_size (same->entries, 5000);
  same_bytes = kith_file_list_pack (same);
  g_assert_null (kith_file_list_unpack (g_bytes_get_data (same_bytes, NULL),
                                        g_bytes_get_size (same_bytes), g_bytes_get_size (same_bytes)));
  g_assert_null (kith_file_list_unpack (garbage, sizeof garbage, sizeof garbage));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proto/file-offer/names", test_names);
  g_test_add_func ("/proto/file-offer/long-names", test_long_names);
  g_test_add_func ("/proto/file-offer/numbers-and-extensions", test_numbers_and_extensions);
  g_test_add_func ("/proto/file-offer/paths", test_paths);
  g_test_add_func ("/proto/file-offer/types", test_types);
  g_test_add_func ("/proto/file-offer/offer", test_offer);
  g_test_add_func ("/proto/file-offer/odd-offers", test_odd_offers);
  g_test_add_func ("/proto/file-offer/get", test_get);
  g_test_add_func ("/proto/file-offer/parts", test_parts);
  g_test_add_func ("/proto/file-offer/state", test_state);
  g_test_add_func ("/proto/file-offer/list", test_list);
  g_test_add_func ("/proto/file-offer/odd-lists", test_odd_lists);
  g_test_add_func ("/proto/file-offer/hidden-beside", test_hidden_beside);
  g_test_add_func ("/proto/file-offer/heavy-lists", test_heavy_lists);

  return g_test_run ();
}
