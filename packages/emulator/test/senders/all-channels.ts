import { Conversations } from "@ghl-edge/client/v2/conversations";
import type { Location } from "./location.ts";

/** An inbox over several channels: it finds a conversation, answers on its channel, and stores what came elsewhere. */
export async function allChannels(location: Location, contactId: string): Promise<void> {
  const conversations = location.use(Conversations);
  const { conversationId } = await conversations.sendANewMessage({
    body: { type: "WhatsApp", contactId, message: "Hello" },
  });
  await conversations.sendANewMessage({ body: { type: "IG", contactId, message: "Hello" } });
  await conversations.sendANewMessage({
    body: {
      type: "Email",
      contactId,
      subject: "Receipt",
      html: "<p>Thank you</p>",
      emailFrom: "shop@example.com",
      emailTo: "ada@example.com",
    },
  });
  await conversations.addAnInboundMessage({
    body: {
      type: "Custom",
      contactId,
      conversationId,
      conversationProviderId: "provider",
      message: "It came by another way",
      direction: "inbound",
    },
  });
  await conversations.addAnInboundMessage({
    body: {
      type: "SMS",
      contactId,
      conversationProviderId: "provider",
      message: "It came first",
      direction: "inbound",
    },
  });
  const list = await conversations.searchConversation({
    contactId,
    limit: 1,
    sort: "desc",
    sortBy: "last_message_date",
  });
  const startAfterDate = list.conversations.at(-1)?.sort;
  if (startAfterDate !== undefined) await conversations.searchConversation({ contactId, limit: 1, startAfterDate });
  await conversations.getMessages({ conversationId, type: ["TYPE_SMS", "TYPE_WHATSAPP"] });
}
