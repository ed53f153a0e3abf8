/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-people.h"

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

/* Three who are all contacts of each other, in a group of the first, over real sockets. Their clock goes
 * as the real one does, and can be put forward: tests are linked with kith-test-time.c. Nobody has more
 * than one group. */
typedef struct
{
  TestPerson *people[3]; /* (owned): ann is the admin, ben, cat */
} Trio;

void              trio_begin         (void);
TestPerson       *trio_person_new    (const char *name);
TestPerson       *trio_person_new_on (const char *name,
                                      KithStore  *store);
void              trio_pass          (guint seconds);
void              trio_rest          (guint ms);
void              trio_skip_days     (guint days);
KithGroup        *trio_group         (TestPerson *person);
KithConversation *trio_chat          (TestPerson *person);
KithMembership    trio_state         (TestPerson *person);
KithMember       *trio_member        (TestPerson *person,
                                      TestPerson *who);
void              trio_create        (TestPerson        *person,
                                      TestPerson *const *guests,
                                      guint              n);
void              trio_answer        (TestPerson *person,
                                      gboolean    join);
void              trio_join          (TestPerson *person);
gboolean          trio_agree         (TestPerson *const *people,
                                      guint              n,
                                      guint              n_members);
KithMessage      *trio_post          (TestPerson *person,
                                      const char *text);
KithMessage      *trio_copy          (TestPerson  *person,
                                      KithMessage *message);
guint             trio_count         (TestPerson *person,
                                      const char *text);
gboolean          trio_has_event     (TestPerson *person,
                                      const char *event,
                                      TestPerson *who);
void              trio_load_all      (TestPerson *person);
void              trio_new           (Trio *trio);
void              trio_start         (Trio        *trio,
                                      TestPerson **ann,
                                      TestPerson **ben,
                                      TestPerson **cat);
void              trio_new_apart     (Trio *trio);
void              trio_await_newest  (TestPerson *person,
                                      TestPerson *author,
                                      guint64     seq);
void              trio_clear         (Trio *trio);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trio, trio_clear)

G_END_DECLS
