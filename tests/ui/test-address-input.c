/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/kith-address-input.h"

typedef enum
{
  GOOD,
  BEGUN, /* not an address yet, and no reason to complain */
  BAD,
} Verdict;

static void
test_address (void)
{
  static const struct
  {
    const char *text;
    Verdict verdict;
    const char *address;
  } cases[] = {
    { "", BEGUN, NULL },
    { "   ", BEGUN, NULL },
    { "1", BEGUN, NULL },
    { "192.", BEGUN, NULL },
    { "192.168.1", BEGUN, NULL },
    { "192.168.1.", BEGUN, NULL },
    { "192.168.1.7", GOOD, "192.168.1.7" },
    { " 192.168.1.7\n", GOOD, "192.168.1.7" },
    { "255.255.255.254", GOOD, "255.255.255.254" },
    { "192.168.1.256", BAD, NULL },
    { "192.168.1.7.", BAD, NULL },
    { "192.168.1.7.9", BAD, NULL },
    { "192..1", BAD, NULL },
    { ".1", BAD, NULL },
    { "-1", BAD, NULL },
    { "192.168.1.7:", BEGUN, NULL },
    { "192.168.1.7/24", BAD, NULL },
    { "127.0.0.1", GOOD, "127.0.0.1" },
    { "0.0.0.0", BAD, NULL },
    { "255.255.255.255", BAD, NULL },
    { "224.0.0.1", BAD, NULL },
    { "169.254.3.4", GOOD, "169.254.3.4" },
    { ":", BEGUN, NULL },
    { "2001:db8:", BEGUN, NULL },
    { "2001:db8::7", GOOD, "2001:db8::7" },
    { "[2001:db8::7]", GOOD, "2001:db8::7" },
    { "2001:DB8:0::7", GOOD, "2001:db8::7" },
    { "::1", GOOD, "::1" },
    { "::", BAD, NULL },
    { "ff02::1", BAD, NULL },
    { "2001:db8::7::1", BEGUN, NULL },
    { "2001:db8:::zz", BAD, NULL },
    { "20011:", BAD, NULL },
    { "1:2:3:4:5:6:7:8:9", BAD, NULL },
    { "example.com", BAD, NULL },
    { "localhost", BAD, NULL },
    { "kith", BAD, NULL },
    { "١٩٢.١٦٨.١.٧", BAD, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *complaint;
      g_autofree char *address
          = kith_address_input_check_address (cases[i].text, KITH_ADDRESS_CONNECT, &complaint);

      g_test_message ("case %u", i);
      g_assert_cmpstr (address, ==, cases[i].address);
      g_assert_true ((complaint != NULL) == (cases[i].verdict == BAD));
    }
}

static void
test_address_length (void)
{
  g_autofree char *longest = g_strnfill (100, '1');
  g_autofree char *too_long = g_strnfill (101, '1');
  const char *complaint;

  g_assert_null (kith_address_input_check_address (longest, KITH_ADDRESS_CONNECT, &complaint));
  g_assert_nonnull (complaint);
  g_assert_null (kith_address_input_check_address (too_long, KITH_ADDRESS_CONNECT, &complaint));
  g_assert_nonnull (complaint);
}

static void
test_listen_address (void)
{
  static const char *const cases[][2] = {
    { "", "" }, { "0.0.0.0", "0.0.0.0" }, { "::", "::" }, { "127.0.0.1", "127.0.0.1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *complaint;
      g_autofree char *address
          = kith_address_input_check_address (cases[i][0], KITH_ADDRESS_LISTEN, &complaint);

      g_assert_cmpstr (address, ==, cases[i][1]);
      g_assert_null (complaint);
    }
}

static void
test_port (void)
{
  static const struct
  {
    const char *text;
    KithAddressUse use;
    gboolean good;
    gboolean complains;
    guint16 port;
  } cases[] = {
    { "", KITH_ADDRESS_CONNECT, FALSE, FALSE, 0 },
    { "", KITH_ADDRESS_LISTEN, TRUE, FALSE, 0 },
    { "0", KITH_ADDRESS_CONNECT, FALSE, TRUE, 0 },
    { "0", KITH_ADDRESS_LISTEN, FALSE, TRUE, 0 },
    { "1", KITH_ADDRESS_CONNECT, TRUE, FALSE, 1 },
    { " 5484 ", KITH_ADDRESS_CONNECT, TRUE, FALSE, 5484 },
    { "65534", KITH_ADDRESS_CONNECT, TRUE, FALSE, 65534 },
    { "65535", KITH_ADDRESS_CONNECT, TRUE, FALSE, 65535 },
    { "65536", KITH_ADDRESS_CONNECT, FALSE, TRUE, 0 },
    { "-1", KITH_ADDRESS_CONNECT, FALSE, TRUE, 0 },
    { "+1", KITH_ADDRESS_CONNECT, FALSE, TRUE, 0 },
    { "0x10", KITH_ADDRESS_CONNECT, FALSE, TRUE, 0 },
    { "54 84", KITH_ADDRESS_CONNECT, FALSE, TRUE, 0 },
    { "port", KITH_ADDRESS_CONNECT, FALSE, TRUE, 0 },
    { "99999999999999999999", KITH_ADDRESS_CONNECT, FALSE, TRUE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *complaint;
      guint16 port;

      g_test_message ("case %u", i);
      g_assert_true (kith_address_input_check_port (cases[i].text, cases[i].use, &port, &complaint)
                     == cases[i].good);
      g_assert_true ((complaint != NULL) == cases[i].complains);
      g_assert_cmpuint (port, ==, cases[i].port);
    }
}

static void
test_split (void)
{
  static const struct
  {
    const char *text;
    const char *address;
    guint16 port;
  } cases[] = {
    { "192.168.1.7:5484", "192.168.1.7", 5484 },
    { "  192.168.1.7:5484 ", "192.168.1.7", 5484 },
    { "[2001:db8::7]:5484", "2001:db8::7", 5484 },
    { "192.168.1.7", NULL, 0 },
    { "192.168.1.7:", NULL, 0 },
    { "192.168.1.7:0", NULL, 0 },
    { "192.168.1.7:65536", NULL, 0 },
    { "192.168.1.7:x", NULL, 0 },
    { ":5484", NULL, 0 },
    { "2001:db8::7:5484", NULL, 0 },
    { "[2001:db8::7]", NULL, 0 },
    { "[2001:db8::7]5484", NULL, 0 },
    { "example.com:5484", NULL, 0 },
    { "", NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *address = NULL;
      guint16 port = 0;

      g_test_message ("case %u", i);
      g_assert_true (kith_address_input_split (cases[i].text, &address, &port)
                     == (cases[i].address != NULL));
      if (cases[i].address == NULL)
        continue;

      g_assert_cmpstr (address, ==, cases[i].address);
      g_assert_cmpuint (port, ==, cases[i].port);
    }
}

static void
test_join (void)
{
  g_autofree char *v4 = kith_address_input_join ("192.168.1.7", 5484);
  g_autofree char *v6 = kith_address_input_join ("2001:db8::7", 1);

  g_assert_cmpstr (v4, ==, "192.168.1.7:5484");
  g_assert_cmpstr (v6, ==, "[2001:db8::7]:1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/address-input/address", test_address);
  g_test_add_func ("/address-input/address-length", test_address_length);
  g_test_add_func ("/address-input/listen-address", test_listen_address);
  g_test_add_func ("/address-input/port", test_port);
  g_test_add_func ("/address-input/split", test_split);
  g_test_add_func ("/address-input/join", test_join);

  return g_test_run ();
}
