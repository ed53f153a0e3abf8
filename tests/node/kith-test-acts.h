/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-people.h"
#include "node/kith-node-messages.h"

G_BEGIN_DECLS

/* What people do, which has to succeed. */

/* Becoming contacts, and ceasing to be. await_request: (transfer full): the only one; accept: (transfer none) */
void         test_person_ask           (TestPerson       *self,
                                        TestPerson       *other);
KithRequest *test_person_await_request (TestPerson       *self);
KithContact *test_person_accept        (TestPerson       *self,
                                        KithRequest      *request);
void         test_person_remove        (TestPerson       *self,
                                        TestPerson       *other,
                                        gboolean          keep_history);

/* Contacts who have lost sight of each other. @port: of the other one, or on the way there */
void         test_person_connect       (TestPerson       *self,
                                        TestPerson       *other,
                                        guint16           port);
void         test_person_meet          (TestPerson       *self,
                                        TestPerson       *other);

/* Messages. send_in: (transfer full) */
KithMessage *test_person_send_in       (TestPerson       *self,
                                        KithConversation *conversation,
                                        const char       *text);
void         test_person_edit          (TestPerson       *self,
                                        KithMessage      *message,
                                        const char       *text);
void         test_person_delete        (TestPerson       *self,
                                        KithMessage      *message,
                                        KithDeleteWhere   where);

G_END_DECLS
