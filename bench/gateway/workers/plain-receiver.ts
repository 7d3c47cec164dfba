/** The least that receives a webhook: reads the body and answers 200, without a look at either. */
export default {
  async fetch(request: Request): Promise<Response> {
    await request.arrayBuffer();
    return Response.json({ outcome: "none" });
  },
};
